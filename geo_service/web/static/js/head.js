// Runs before the page is drawn: hides the list that only pages without a map need.
document.documentElement.classList.add("has-script");
