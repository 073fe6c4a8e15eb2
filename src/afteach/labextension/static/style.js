// The colours and the cards that the package shows in cells too lie in look/, where a built package puts them.
for (const name of ["look/tokens.css", "look/box.css", "look/source.css", "style.css", "print.css"]) {
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = new URL(`./${name}`, import.meta.url).href;
  document.head.append(sheet);
}
