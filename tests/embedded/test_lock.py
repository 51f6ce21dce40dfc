"""The lock of the state: taken several times, and let go of as a whole."""

import threading

from revet.embedded.lock import StateLock


def _others_can_take(lock: StateLock) -> bool:
    taken = threading.Event()

    def take() -> None:
        with lock:
            taken.set()

    threading.Thread(target=take, daemon=True).start()
    return taken.wait(0.2)


def test_it_is_let_go_of_however_often_it_was_taken() -> None:
    lock = StateLock()
    with lock, lock, lock:
        with lock.released():
            assert _others_can_take(lock)
        with lock.released(), lock:
            pass
        assert not _others_can_take(lock)
    assert _others_can_take(lock)


def test_who_does_not_hold_it_lets_nothing_go() -> None:
    lock = StateLock()
    with lock.released():
        assert _others_can_take(lock)
    done = threading.Event()

    def release() -> None:
        with lock.released():
            done.set()

    with lock:
        threading.Thread(target=release, daemon=True).start()
        assert done.wait(10)
        assert not _others_can_take(lock)
