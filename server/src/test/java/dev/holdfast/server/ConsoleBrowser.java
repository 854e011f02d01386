package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/** Debian's chromium, looking at consoles. Where it is not installed, tests are left out. */
final class ConsoleBrowser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final double PATIENCE_MILLIS = 60_000; // for machines that are slow
  private static final int HEIGHT = 900;

  private final Playwright playwright;
  private final Browser browser;
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  ConsoleBrowser() {
    assumeTrue(Files.isExecutable(CHROMIUM), "no browser: apt-get install chromium");
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(CHROMIUM)
                    .setChromiumSandbox(false)
                    .setTimeout(PATIENCE_MILLIS)
                    .setArgs(
                        List.of(
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
  }

  /** Closes all tabs, which would ask servers that are gone, and forgets complaints. */
  void begin() {
    List.copyOf(browser.contexts()).forEach(BrowserContext::close);
    complaints.clear();
  }

  /** A browser of its own: nothing is kept of others. */
  BrowserContext context(int width, ColorScheme scheme) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(width, HEIGHT)
                .setColorScheme(scheme)
                .setReducedMotion(ReducedMotion.REDUCE));
    context.setDefaultTimeout(PATIENCE_MILLIS);
    context.onPage(this::listen);
    return context;
  }

  /** A tab of a wide browser. */
  Page page() {
    return context(1440, ColorScheme.LIGHT).newPage();
  }

  private void listen(Page page) {
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(page.url() + ": " + message.text());
          }
        });
    page.onPageError(error -> complaints.add(page.url() + ": " + error));
    page.onDialog(
        dialog -> {
          complaints.add(page.url() + ": a dialog of a script: " + dialog.message());
          dialog.dismiss();
        });
  }

  /** Opens a page of the console and waits until it shows something. */
  static Page open(Page page, ServedQueue served, String path) {
    page.navigate(served.server.uri() + "/ui/" + path);
    return shown(page);
  }

  /** Waits until a page shows something. */
  static Page shown(Page page) {
    page.locator("main h1").first().waitFor();
    page.waitForCondition(() -> page.locator(".waiting").count() == 0);
    return page;
  }

  /**
   * Returns the serious findings of axe as JSON; runs outside the page's policy, which admits no
   * other script.
   */
  static Object seriousFindings(Page page) {
    page.evaluate(axe());
    return page.evaluate(
        """
        async () => {
          const { violations } = await axe.run(document, { resultTypes: ['violations'] });
          return JSON.stringify(violations
            .filter((one) => ['serious', 'critical'].includes(one.impact))
            .map((one) => [one.id, one.nodes.slice(0, 3).map((node) => node.html + ' ' + node.failureSummary)]));
        }
        """);
  }

  private static String axe() {
    try (InputStream in =
        Objects.requireNonNull(ConsoleBrowser.class.getResourceAsStream("/axe/axe.min.js"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Fails if a script failed, a policy was broken, or a script was let in. */
  void hasNothingToComplainAbout() {
    assertThat(complaints).isEmpty();
  }

  /** Leaves out what browsers say of an answer such as 401. */
  void hasNothingToComplainAboutBut(int status) {
    assertThat(complaints.stream().filter(one -> !one.contains(String.valueOf(status)))).isEmpty();
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
