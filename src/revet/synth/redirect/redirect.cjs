// Loads a prebuilt provider lazily.
//
// The prebuilt provider packages of CDK Terrain name `lib/index.js` as their entry, which requires
// every one of some 2,400 modules, and ship `lib/lazy-index.js` beside it, which requires a module
// when it is first used. This patch answers the one with the other. It leaves every other module
// alone, and a package that says itself what is exported (an `exports` map) too.
"use strict";
const fs = require("fs");
const Module = require("module");
const path = require("path");

const MARK = Symbol.for("revet.lazyProvider");
const ENTRY = /[\\/]@(?:cdktn|cdktf)[\\/]provider-[^\\/]+[\\/]lib[\\/]index\.js$/;
const answers = new Map();

function lazyEntry(file) {
  const root = path.dirname(path.dirname(file));
  const lazy = path.join(root, "lib", "lazy-index.js");
  try {
    const description = JSON.parse(fs.readFileSync(path.join(root, "package.json"), "utf8"));
    return description.exports === undefined && fs.existsSync(lazy) ? lazy : file;
  } catch {
    return file; // another layout: load it as it is
  }
}

if (!Module[MARK] && typeof Module._resolveFilename === "function") {
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (...request) {
    const file = resolve.apply(this, request);
    if (typeof file !== "string" || !ENTRY.test(file)) {
      return file;
    }
    if (!answers.has(file)) {
      answers.set(file, lazyEntry(file));
    }
    return answers.get(file);
  };
  Module[MARK] = true;
}
