import assert from "node:assert/strict";
import { test } from "node:test";
import { address, found } from "../../src/afteach/labextension/static/rows.js";

const known = new Set(["fc113", "P06-4", "ac-baradar2"]);
const page = (baseUrl) => ({
  location: { href: "http://127.0.0.1:8888/hub/lab/tree/01.ipynb?reset" },
  getElementById: () => (baseUrl === undefined ? null : { textContent: JSON.stringify({ baseUrl }) }),
});

test("an id in brackets is found, with the place where it begins", () => {
  assert.deepEqual(found("so it was (fc113).", known), [{ id: "fc113", at: 11 }]);
});

test("ids with a hyphen are found whole, and several in a row each by itself", () => {
  assert.deepEqual(
    found("P06-4, fc113; ac-baradar2", known).map((one) => one.id),
    ["P06-4", "fc113", "ac-baradar2"],
  );
});

test("what only looks like an id is left alone", () => {
  assert.deepEqual(found("fc999, P06-41, fc1134, covid19, ac-baradar", known), []);
});

test("the rows lie below the address that JupyterLab was started with", () => {
  assert.equal(address(page("/user/me/")).href, "http://127.0.0.1:8888/user/me/afteach/");
  assert.equal(address(page("/user/me")).href, "http://127.0.0.1:8888/user/me/afteach/");
  assert.equal(address(page("./")).href, "http://127.0.0.1:8888/hub/lab/tree/afteach/");
  assert.equal(address(page()).href, "http://127.0.0.1:8888/afteach/");
});
