package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Response;
import dev.holdfast.server.ServedQueue.Reply;
import dev.holdfast.spi.server.Role;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("R-44")
class DocsPageTest {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"([^\"]+)\"");
  private static final double PATIENCE_MILLIS = 120_000; // for machines that are slow

  @TempDir Path folder;

  @Nested
  class The_files_of_the_page {
    @Test
    void have_their_media_type_and_come_from_this_server() {
      try (ServedQueue served = new ServedQueue(folder)) {
        Reply page = served.get("/docs").is(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        Matcher references = REFERENCE.matcher(page.body());
        int files = 0;
        while (references.find()) {
          Reply file = served.get(references.group(1)).is(200);
          assertThat(file.headers().firstValue("Content-Type").orElseThrow())
              .startsWith(mediaType(references.group(1)));
          assertThat(file.body()).isNotEmpty();
          files++;
        }
        assertThat(files).isEqualTo(4);
      }
    }

    @Test
    void are_packed_and_sent_once() throws Exception {
      try (ServedQueue served = new ServedQueue(folder)) {
        String bundle = "/docs/swagger-ui-bundle.js";
        Reply first = served.get(bundle).is(200);
        String tag = first.headers().firstValue("ETag").orElseThrow();
        served.call("GET", bundle, null, "If-None-Match", tag).is(304);

        var request =
            HttpRequest.newBuilder(URI.create(served.server.uri() + bundle))
                .header("Accept-Encoding", "gzip");
        var packed = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofByteArray());
        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(packed.body().length).isLessThan(first.body().length() / 3);
      }
    }

    private static String mediaType(String file) {
      String ending = file.replaceFirst(".*\\.", "");
      return switch (ending) {
        case "js" -> "text/javascript";
        case "css" -> "text/css";
        default -> "image/" + ending;
      };
    }

    @Test
    void hold_no_script_and_no_style_within_the_page() {
      try (ServedQueue served = new ServedQueue(folder)) {
        Reply page = served.get("/docs").is(200);
        assertThat(page.headers().allValues("Content-Security-Policy"))
            .containsExactly(
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                    + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors"
                    + " 'none'");
        assertThat(page.body()).doesNotContain("<style", "style=", "<script>", "http:", "https:");
      }
    }

    @Test
    void are_only_the_listed_ones() {
      try (ServedQueue served = new ServedQueue(folder)) {
        for (String file :
            List.of(
                "index.html",
                "swagger-ui.js",
                "oauth2-redirect.html",
                "..%2Fserver%2Fdocs%2Findex.html",
                "%2e%2e%2f%2e%2e%2fMETA-INF%2FMANIFEST.MF",
                "%2Fetc%2Fpasswd",
                "start.js%00.css")) {
          served.get("/docs/" + file).isProblem(404, "not-found");
        }
        served.get("/docs/").isProblem(404, "not-found");
      }
    }
  }

  /** Tests in Debian's chromium, which are skipped with a message if it is not installed. */
  @Nested
  @Tag("slow")
  class A_browser {
    @Test
    void shows_the_routes_and_tries_one_with_a_token_that_it_forgets() {
      boolean isThere = Files.isExecutable(CHROMIUM);
      assumeTrue(isThere, "no browser: apt-get install chromium");
      try (ServedQueue served = new ServedQueue(folder);
          Playwright playwright =
              Playwright.create(
                  new Playwright.CreateOptions()
                      .setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
          Browser browser = playwright.chromium().launch(options())) {
        String token = served.token("a", Role.VIEWER);
        Page page = browser.newPage();
        page.setDefaultTimeout(PATIENCE_MILLIS);
        List<String> complaints = new CopyOnWriteArrayList<>();
        List<String> hosts = new CopyOnWriteArrayList<>();
        page.onConsoleMessage(
            message -> {
              if (message.type().equals("error")) {
                complaints.add(message.text());
              }
            });
        page.onPageError(complaints::add);
        page.onRequest(request -> hosts.add(host(request.url())));

        page.navigate(served.server.uri() + "/docs");
        Locator status = page.locator("#operations-default-status");
        status.waitFor();
        assertThat(page.locator(".opblock").count()).isEqualTo(served.server.routes().size());

        Response without = tried(page, status);
        assertThat(without.status()).isEqualTo(401);
        complaints.clear(); // the browser notes the 401 as an error

        page.locator(".btn.authorize").first().click();
        page.locator(".auth-container input").fill(token);
        page.locator(".auth-container .btn.authorize").click();
        page.locator(".btn-done").click();
        Response with =
            page.waitForResponse("**/api/v1/status", () -> status.locator(".execute").click());
        assertThat(with.status()).isEqualTo(200);
        status.locator(".live-responses-table .highlight-code").first().waitFor();
        assertThat(status.locator(".live-responses-table").innerText()).contains("status_counts");

        assertThat(page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])"))
            .isEqualTo("[{},{},\"\"]");
        page.reload();
        status.waitFor();
        assertThat(tried(page, status).status()).isEqualTo(401);
        assertThat(complaints.stream().filter(text -> !text.contains("401"))).isEmpty();
        assertThat(hosts).isSubsetOf(host(served.server.uri().toString()), "data");
      }
    }

    private static Response tried(Page page, Locator operation) {
      operation.locator(".opblock-summary-control").click();
      operation.locator(".try-out__btn").click();
      return page.waitForResponse("**/api/v1/status", () -> operation.locator(".execute").click());
    }

    private static String host(String url) {
      URI uri = URI.create(url.startsWith("data:") ? "data:," : url);
      return uri.getHost() == null ? uri.getScheme() : uri.getHost();
    }

    private static BrowserType.LaunchOptions options() {
      return new BrowserType.LaunchOptions()
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
                  "--disable-sync"));
    }
  }
}
