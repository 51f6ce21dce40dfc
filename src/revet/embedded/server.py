"""One running embedded AWS: gateway, services, and the thread that keeps the state."""

from __future__ import annotations

import os
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import Any

from revet.embedded import faults, services, snapshot
from revet.embedded.authentication import Authenticator
from revet.embedded.backends import note_baselines
from revet.embedded.certificates import Authority
from revet.embedded.control import Control
from revet.embedded.credentials import RootKey
from revet.embedded.denials import FILE_NAME as DENIALS_FILE
from revet.embedded.denials import Denials
from revet.embedded.dispatch import Dispatcher
from revet.embedded.enforcement import authorize_call
from revet.embedded.environment import MEMBERS_VARIABLE
from revet.embedded.execute_api.serve import ExecuteApi
from revet.embedded.faults import FILE_NAME, Faults, read_lines
from revet.embedded.function_calls import FunctionCalls
from revet.embedded.functions import invoke, rotation
from revet.embedded.functions.delivery import Delivery
from revet.embedded.functions.engine import Functions
from revet.embedded.functions.launcher import Launcher
from revet.embedded.functions.mappings import Mappings
from revet.embedded.functions.notes import Notes
from revet.embedded.functions.readers import SOURCES, TAKE_BACK
from revet.embedded.functions.work import Work
from revet.embedded.gateway import Gateway
from revet.embedded.growing import note_objects
from revet.embedded.inventory import holdings, inventory
from revet.embedded.keeping import Keeper
from revet.embedded.log_delivery.courier import Courier
from revet.embedded.pickling import Memory
from revet.embedded.recorder import Recorder
from revet.embedded.services import eventbridge
from revet.model.errors import EmbeddedError

DELIVER_AFTER_SECONDS = 1.0
"""How long after a write what it sends is delivered; more writes in between share it."""


class Server:
    """Serves one state directory.

    Args:
        directory: private folder of the state.
        port: 0 for any free one.
        run_id: what control requests must carry.
        root: the deploying credentials of this run.
        launcher: starts functions; none when none are run.

    Raises:
        EmbeddedError: the port is taken, or the snapshot is another version's.
        InputError: the snapshot is not one that revet wrote there.
    """

    def __init__(
        self,
        directory: Path,
        port: int,
        run_id: str,
        root: RootKey,
        launcher: Launcher | None = None,
    ) -> None:
        self.run_id = run_id
        self._directory = directory
        self._faults = Faults(directory)
        self._recorder = Recorder(directory)
        self._written = threading.Event()
        self._sent = threading.Event()
        self._ending = threading.Event()
        self._work = Work(self._failed)
        self._mappings: Mappings | None = None
        services.install()
        memory = Memory()
        note_baselines(holdings, memory.stock.note)
        note_objects()
        authority = Authority(directory)
        self.ca_path = authority.certificate_path
        self._dispatcher = Dispatcher(
            self._recorder,
            self._faults,
            self._note_written,
            root,
            authorize_call,
            denials=Denials(directory),
            **_watching(),
        )
        self._keeper = Keeper(directory, self._dispatcher.lock, self._faults, memory)
        self._restored = self._keeper.load()
        calls = FunctionCalls()
        self._courier = Courier(
            self._dispatcher.lock,
            self._faults,
            calls,
            self._work.wait_until_quiet,
            self._keeper.commit,
        )
        self._dispatcher.apis = ExecuteApi(
            self._dispatcher.lock, self._faults, Authenticator(root), calls
        )
        control = Control(
            run_id,
            {
                "health": self._health,
                "inventory": self._inventory,
                "errors": self._errors,
                "denials": self._denied,
                "end": self._ending.wait,
                "quiet": self._quiet,
            },
            {
                "snapshot": self._save,
                "settle": self._settle,
                "schedules": self._run_schedules,
                "stop": self.stop,
            },
        )
        try:
            self._gateway = Gateway(port, authority, self._dispatcher, control, self._note_refused)
        except OSError as error:
            raise EmbeddedError(
                "the embedded AWS cannot listen on its port",
                where=f"127.0.0.1:{port}",
                got=str(error),
                expected="a free port",
                do="leave the port out, or stop what listens there",
            ) from error
        self.port = int(self._gateway.server_address[1])
        self._functions = self._connect(launcher) if launcher is not None else None
        self._isolation = (
            {"network": launcher.network, "why": launcher.why} if launcher is not None else None
        )

    def serve(self) -> None:
        """Serve until `stop`; the state is kept before this returns."""
        keeper = threading.Thread(target=self._keep, name="keeper", daemon=True)
        courier = threading.Thread(target=self._send, name="courier", daemon=True)
        keeper.start()
        courier.start()
        try:
            self._gateway.serve_forever(poll_interval=0.2)
        finally:
            self._gateway.server_close()
            self._ending.set()
            self._note_written()
            courier.join()
            keeper.join()
            self._work.close()
            if self._functions is not None:
                self._functions.close()
            self._keeper.save()
            self._recorder.close()

    def _connect(self, launcher: Launcher) -> Functions:
        functions = Functions(
            launcher,
            self._dispatcher,
            self.port,
            self.ca_path,
            Notes(self._directory),
            state_dir=self._directory,
        )
        if launcher.listener is not None:
            self._gateway.listen_also(launcher.listener)
        delivery = Delivery(functions, self._work, self._note_written)
        self._mappings = Mappings(functions, self._work, self._note_written, SOURCES, TAKE_BACK)
        invoke.connect(functions, delivery)
        delivery.resume()
        with self._dispatcher.lock:
            rotation.resume()
        self._mappings.resume()
        self._keeper.commit()
        return functions

    def _failed(self, what: str, error: Exception) -> None:
        self._faults.add(
            faults.INTERNAL,
            f"{what}: {type(error).__name__}: {error}",
            traceback="".join(traceback.format_exception(error)),
        )

    def _run_schedules(self) -> dict[str, list[str]]:
        with self._dispatcher.lock:
            ran = eventbridge.run_schedules()
        self._note_written()
        return {"ran": ran}

    def _quiet(self) -> dict[str, list[str]]:
        done = self._settle()
        return {"left": [*done["left"], *([] if done["quiet"] else ["deliveries of logs"])]}

    def stop(self) -> dict[str, bool]:
        """Ask the server to end."""
        threading.Thread(target=self._gateway.shutdown, name="stop", daemon=True).start()
        return {"stopping": True}

    def _keep(self) -> None:
        while not self._ending.is_set():
            self._written.wait()
            self._written.clear()
            self._keeper.shorten()

    def _note_written(self) -> None:
        """After what may have changed something; it is kept when this returns."""
        if self._mappings is not None:
            self._mappings.look()
        self._keeper.commit()
        self._written.set()
        self._sent.set()

    def _send(self) -> None:
        """Deliver a while after each write; who does not want to wait asks for `settle`."""
        while not self._ending.is_set():
            self._sent.wait()
            if self._ending.wait(DELIVER_AFTER_SECONDS):
                return
            self._sent.clear()
            self._courier.settle(wait=False)

    def _settle(self) -> dict[str, Any]:
        self._sent.clear()
        return self._courier.settle()

    def _save(self) -> dict[str, Any]:
        return _facts(self._keeper.save())

    def _health(self) -> dict[str, Any]:
        return {
            "run_id": self.run_id,
            "restored": self._restored,
            "warning": self._keeper.warning,
            "time": time.time(),
            "snapshot": _facts(self._keeper.last) if self._keeper.last else None,
            "functions": self._isolation,
        }

    def _inventory(self) -> dict[str, list[str]]:
        with self._dispatcher.lock:
            return inventory()

    def _errors(self) -> list[dict[str, object]]:
        return read_lines(self._directory / FILE_NAME)

    def _denied(self) -> list[dict[str, object]]:
        return read_lines(self._directory / DENIALS_FILE)

    def _note_refused(self, host: str) -> None:
        self._faults.add(faults.REFUSED, f"a program asked for `{host}`, which is not AWS")
        sys.stderr.write(f"refused {host}\n")


def _watching() -> dict[str, Any]:
    """What makes the dispatcher note which members of requests are read, where that is wanted."""
    path = os.environ.get(MEMBERS_VARIABLE)
    if not path:
        return {}
    from revet.embedded.members import Watch  # noqa: PLC0415 - changes parsers where it is wanted

    return {"serve": Watch(Path(path)).serve}


def _facts(saved: snapshot.Saved) -> dict[str, Any]:
    return {
        "size": saved.size,
        "seconds": round(saved.seconds, 3),
        "unpicklable": list(saved.unpicklable),
    }
