// Finding a word in the reflections is all that needs a script.
(() => {
  const box = document.getElementById("find");
  if (!box) return;
  const field = box.querySelector("input"), status = box.querySelector("[role=status]");
  const quotes = [...document.querySelectorAll("blockquote.said")];
  box.hidden = false;
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    let hits = 0;
    for (const quote of quotes) {
      quote.hidden = wanted !== "" && !quote.textContent.toLowerCase().includes(wanted);
      hits += !quote.hidden;
    }
    for (const group of document.querySelectorAll("details.said")) {
      if (wanted) group.open = Boolean(group.querySelector("blockquote:not([hidden])"));
    }
    const found = box.dataset.found.replace("{count}", hits).replace("{all}", quotes.length);
    status.textContent = wanted ? found : "";
  });
  addEventListener("beforeprint", () => { for (const group of document.querySelectorAll("details")) group.open = true; });
})();
