"use strict";
const findings = [...document.querySelectorAll(".finding")];
const filters = document.querySelector(".filters");
const buttons = [...filters.querySelectorAll("button")];
const search = document.getElementById("search");
const result = document.getElementById("filter-result");
const everything = result.textContent;
let wanted = "";

function apply() {
  const text = search.value.trim().toLowerCase();
  let shown = 0;
  for (const finding of findings) {
    const fits = (!wanted || finding.dataset.status === wanted)
      && (!text || finding.textContent.toLowerCase().includes(text));
    finding.hidden = !fits;
    shown += fits ? 1 : 0;
  }
  for (const button of buttons) {
    button.setAttribute("aria-pressed", String(button.dataset.filter === wanted));
  }
  result.textContent = wanted || text ? `${shown} of ${findings.length} entries shown` : everything;
}

function choose(status) {
  wanted = status;
  apply();
}

for (const button of buttons) {
  button.addEventListener("click", () => choose(button.dataset.filter));
}
search.addEventListener("input", apply);
filters.hidden = false;

async function copy(button, block) {
  const text = block.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(block);
    button.textContent = "Selected";
  }
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
}

for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button, button.parentElement.querySelector("code")));
}

function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) {
    target.hidden = false;
    target.open = true;
  }
}

for (const link of document.querySelectorAll('.matrix a[href^="#"]')) {
  link.addEventListener("click", () => {
    document.getElementById(link.hash.slice(1)).open = true;
  });
}
addEventListener("hashchange", openTarget);
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) { details.open = true; }
});
openTarget();
document.documentElement.dataset.ready = "true";
