// @require "behave.js"
// @require "trouble.js"
// @require "drafts.js"
// @require "states.js"
// @require "refused.js"
// @require "conflict.js"
// @require "autosave.js"
// @require "once.js"
// @require "dialog.js"
// @require "keys.js"
// @require "grow.js"
document.documentElement.classList.add("js");
Alignment.start();
