// One plugin for each thing that the page does by itself, without a kernel. Each in a module of its own.
import controls from "./controls.js";
import folds from "./folds.js";
import keeping from "./keeping.js";
import printing from "./printing.js";
import reading from "./reading.js";
import rows from "./rows.js";
import saving from "./saving.js";

export default [controls, folds, printing, reading, rows, saving, keeping];
