// Before anything is drawn: light or dark, where the reader has chosen; else the system decides.
(function () {
  try {
    var chosen = localStorage.getItem('holdfast.theme');
    if (chosen === 'light' || chosen === 'dark') {
      document.documentElement.dataset.theme = chosen;
    }
  } catch (blocked) {
    // a browser that keeps nothing shows the system's theme
  }
})();
