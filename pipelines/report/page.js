"use strict";
const buttons = [...document.querySelectorAll(".filters button")];
const answers = [...document.querySelectorAll(".answer")];
const count = document.querySelector("#shown");

function show() {
  const wanted = {};
  for (const button of buttons) {
    if (button.getAttribute("aria-pressed") === "true") wanted[button.dataset.by] = button.dataset.value;
  }
  let shown = 0;
  for (const answer of answers) {
    const fits = Object.entries(wanted).every(
      ([by, value]) => !value || value.split(" ").includes(answer.dataset[by])
    );
    answer.hidden = !fits;
    shown += fits;
  }
  count.textContent = shown;
}

for (const button of buttons) {
  button.addEventListener("click", () => {
    for (const other of buttons) {
      if (other.dataset.by === button.dataset.by) other.setAttribute("aria-pressed", String(other === button));
    }
    show();
  });
}
show();

function speak() {
  const asked = /^#(zh|en)(?![a-z])/.exec(location.hash);
  if (asked) document.documentElement.lang = asked[1];
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

const folded = () => [...document.querySelectorAll("details:not([open])")];
let unfolded = [];
window.addEventListener("beforeprint", () => {
  unfolded = folded();
  for (const one of unfolded) one.open = true;
});
window.addEventListener("afterprint", () => {
  for (const one of unfolded) one.open = false;
});

if (window !== window.top) {  // MLflow shows the page in a frame that opens no links: their addresses can be copied
  for (const link of document.querySelectorAll('a[href^="http"]')) {
    if (link.textContent !== link.href) link.after(` ${link.href}`);
  }
}

document.documentElement.classList.add("scripted");
window.addEventListener("hashchange", speak);
speak();
