const sheet = document.createElement("link");
sheet.rel = "stylesheet";
sheet.href = new URL("./style.css", import.meta.url).href;
document.head.append(sheet);
