package dev.holdfast.server;

import static dev.holdfast.server.ConsoleBrowser.open;
import static dev.holdfast.server.ConsoleBrowser.shown;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.spi.server.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The console in a browser: what it shows, and to whom. What it does: {@link ConsoleActionsTest}.
 */
@Tag("R-40")
@Tag("slow")
class ConsoleTest {
  private static final int FIRST_LOAD_BYTES_MAX = 200_000;

  /** None of these may become anything but text. */
  private static final String HOSTILE =
      "<img src=x"
          + " onerror=alert(1)><script>alert(2)</script>\"'`${1}</textarea>javascript:alert(3)&lt;b&gt;";

  private static @Nullable ConsoleBrowser browser;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    browser = new ConsoleBrowser();
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void begin() {
    browser().begin();
  }

  private static ConsoleBrowser browser() {
    return Objects.requireNonNull(browser);
  }

  /** Every page, some of them with each kind of job. */
  private static List<String> pages(ServedQueue served, SampleQueue sample) {
    String node = served.get("/api/v1/nodes").json().at("/nodes/0/id").asString();
    String webhook = served.get("/api/v1/webhooks").json().at("/webhooks/0/id").asString();
    return List.of(
        "",
        "?window=24h",
        "jobs",
        "jobs?q=state:failed,running",
        "job?id=" + sample.job(JobState.FAILED),
        "job?id=" + sample.job(JobState.RUNNING) + "&tab=graph",
        "job?id=" + sample.job(JobState.INTERRUPTED) + "&tab=events",
        "job?id=" + sample.job(JobState.FAILED) + "&tab=steps",
        "job?id=" + sample.job(JobState.COMPLETED) + "&tab=result",
        "failures",
        "failures?show=all",
        "operations",
        "review",
        "queues",
        "schedules",
        "schedule?name=nightly",
        "nodes",
        "node?id=" + node,
        "logs",
        "alerts",
        "webhooks",
        "webhook?id=" + webhook,
        "tokens",
        "audit",
        "maintenance");
  }

  @Nested
  class Each_page {
    @Test
    void opens_without_complaints_fits_a_phone_and_can_be_used_by_everybody() {
      try (ServedQueue served = new ServedQueue(folder)) {
        List<String> pages = pages(served, new SampleQueue(served, "x"));
        List<String> findings = new ArrayList<>();
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
          for (int width : scheme == ColorScheme.LIGHT ? List.of(1440, 1024, 390) : List.of(1440)) {
            try (BrowserContext context = browser().context(width, scheme)) {
              Page page = context.newPage();
              for (String path : pages) {
                String what = "%s at %d, %s".formatted(path, width, scheme);
                open(page, served, path);
                if (!page.evaluate("document.documentElement.scrollWidth <= innerWidth")
                    .equals(true)) {
                  findings.add(what + " is wider than its window");
                }
                Object found = width == 1024 ? "[]" : ConsoleBrowser.seriousFindings(page);
                if (!found.equals("[]")) {
                  findings.add(what + ": " + found);
                }
              }
            }
          }
        }
        assertThat(findings).isEmpty();
        browser().hasNothingToComplainAbout();
      }
    }

    @Test
    void shows_what_strangers_wrote_as_text() {
      try (ServedQueue served = new ServedQueue(folder)) {
        SampleQueue sample = new SampleQueue(served, HOSTILE);
        Page page = browser().page();
        for (String path : pages(served, sample)) {
          open(page, served, path);
          assertThat(page.locator("main img, main script, main b b").count()).as(path).isZero();
        }
        for (String tab :
            List.of("failure", "payload", "metadata", "checkpoints", "steps", "events")) {
          open(page, served, "job?id=" + sample.job(JobState.FAILED) + "&tab=" + tab);
          assertThat(page.locator("main").innerText()).contains("<img src=x onerror=alert(1)>");
        }
        open(page, served, "jobs?q=" + "type:%3Cimg%20src=x%20onerror=alert(1)%3E%20%3Cb%3E");
        browser().hasNothingToComplainAbout();
      }
    }
  }

  @Nested
  class The_first_load {
    @Test
    void is_small_and_asks_no_other_host() {
      try (ServedQueue served = new ServedQueue(folder)) {
        Page page = browser().page();
        List<Response> responses = new CopyOnWriteArrayList<>();
        page.onResponse(responses::add);
        open(page, served, "");
        page.locator(".plot canvas").first().waitFor();

        int bytes = 0;
        for (Response response : responses) {
          assertThat(response.url()).startsWith(served.server.uri().toString());
          if (!response.url().endsWith("/api/v1/events")) { // that one has no end
            bytes += response.request().sizes().responseBodySize;
          }
        }
        assertThat(bytes).isBetween(20_000, FIRST_LOAD_BYTES_MAX);
      }
    }
  }

  @Nested
  class The_address {
    @Test
    void holds_the_state_of_a_page_over_back_forward_and_reload() {
      try (ServedQueue served = new ServedQueue(folder)) {
        SampleQueue sample = new SampleQueue(served, "x");
        Page page = open(browser().page(), served, "jobs");
        page.locator(".facets a", new Page.LocatorOptions().setHasText("Failed")).click();
        page.waitForURL("**/ui/jobs?q=state:failed");
        page.waitForCondition(() -> page.locator("tbody tr").count() == 1);
        page.locator("tbody tr a").first().click();
        page.waitForURL("**/ui/job?id=" + sample.job(JobState.FAILED));
        page.locator(".tabs a", new Page.LocatorOptions().setHasText("Payload")).click();
        page.waitForURL("**&tab=payload");

        page.reload();
        shown(page);
        assertThat(page.locator(".code").first().innerText())
            .contains("\"id\": 9007199254740993"); // which is no double
        page.goBack();
        page.goBack();
        page.waitForURL("**/ui/jobs?q=state:failed");
        assertThat(page.locator(".search input").inputValue()).isEqualTo("state:failed");
        page.waitForCondition(() -> page.locator("tbody tr").count() == 1);
        page.goForward();
        page.waitForURL("**/ui/job?id=" + sample.job(JobState.FAILED));
        shown(page);
        assertThat(page.locator("h1").innerText()).isEqualTo("bad");
      }
    }

    @Test
    void may_have_any_path_before_it() throws IOException {
      try (ServedQueue served = new ServedQueue(folder);
          PrefixProxy proxy = new PrefixProxy("/team/queue", served.server.uri())) {
        new SampleQueue(served, "x");
        Page page = browser().page();
        page.navigate(proxy.uri() + "/team/queue/");
        page.locator(".counts").waitFor();
        assertThat(page.url()).isEqualTo(proxy.uri() + "/team/queue/ui/");
        page.locator(".side a", new Page.LocatorOptions().setHasText("Jobs")).click();
        page.locator("tbody tr").first().waitFor();
        page.reload();
        page.locator("tbody tr").first().waitFor();
        assertThat(page.url()).isEqualTo(proxy.uri() + "/team/queue/ui/jobs");
      }
    }
  }

  @Nested
  class Who_may_not {
    @Test
    void act_sees_no_buttons_that_do_so() {
      try (ServedQueue served = new ServedQueue(folder)) {
        SampleQueue sample = new SampleQueue(served, "x");
        List<String> pages = pages(served, sample);
        String token = served.token("v", Role.VIEWER);
        Page page = signedIn(served, token);
        for (String path : pages) {
          open(page, served, path);
          assertThat(page.locator("main button.button, main input[type=checkbox]").all())
              .as(path)
              .isEmpty();
        }
        assertThat(page.locator(".side").innerText()).doesNotContain("Tokens", "Audit", "Webhooks");
        page.keyboard().press("?");
        assertThat(page.locator("dialog").innerText()).doesNotContain("Retry", "Cancel");
        browser().hasNothingToComplainAboutBut(401);
      }
    }

    @Test
    void see_all_groups_sees_lists_of_their_own() {
      try (ServedQueue served = new ServedQueue(folder)) {
        SampleQueue sample = new SampleQueue(served, "mine");
        served.enqueue("{\"type\": \"foreign\", \"group\": \"other\"}");
        Page page = signedIn(served, served.token("o", Role.OPERATOR, "mine"));

        open(page, served, "");
        assertThat(page.locator(".side nav").first().innerText().split("\\s+"))
            .containsExactly("Jobs", "Review");
        page.locator("tbody tr").first().waitFor();
        assertThat(page.locator("main").innerText()).doesNotContain("foreign");
        open(page, served, "job?id=" + sample.job(JobState.FAILED));
        assertThat(page.locator(".head button").allInnerTexts()).contains("Retry");
        open(page, served, "queues");
        assertThat(page.locator("main").innerText()).contains("does not include this page");
        browser().hasNothingToComplainAboutBut(401);
      }
    }
  }

  private static Page signedIn(ServedQueue served, String token) {
    Page page = browser().page();
    page.navigate(served.server.uri() + "/ui/");
    page.locator(".entry input").fill(token);
    page.keyboard().press("Enter");
    page.locator(".side").waitFor();
    return page;
  }

  @Nested
  class A_token {
    @Test
    void is_asked_for_once_kept_nowhere_and_ends_the_page_with_itself() {
      try (ServedQueue served = new ServedQueue(folder)) {
        new SampleQueue(served, "x");
        String token = served.token("ada", Role.OPERATOR);
        Page page = browser().page();
        page.navigate(served.server.uri() + "/ui/queues");
        page.locator(".entry input").fill("hf_wrong");
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in")).click();
        page.locator(".entry form [role=alert]").waitFor();
        page.locator(".entry input").fill(token);
        page.keyboard().press("Enter");
        page.locator("main table").first().waitFor();
        assertThat(page.url()).endsWith("/ui/queues");
        assertThat(page.locator(".side .who").innerText()).contains("ada · operator");
        assertThat(page.evaluate("JSON.stringify([localStorage, sessionStorage, document.cookie])"))
            .isEqualTo("[{},{},\"\"]");
        page.reload();
        page.locator("main table").first().waitFor();

        served.holdfast.embedding().server().tokens().revoke("ada");
        page.locator(".entry input").waitFor();
        assertThat(page.locator("main").innerText()).doesNotContain("default");
        browser().hasNothingToComplainAboutBut(401);
      }
    }
  }

  @Nested
  class The_clock {
    @Test
    void shows_at_once_what_happens_by_one_stream_for_all_tabs() {
      try (ServedQueue served = new ServedQueue(folder);
          BrowserContext context = browser().context(1440, ColorScheme.LIGHT)) {
        Page first = open(context.newPage(), served, "jobs");
        first.waitForCondition(() -> served.server.openAnswers() == 1);
        Page second = open(context.newPage(), served, "jobs");
        served.enqueue("{\"type\": \"news\"}");
        for (Page page : List.of(first, second)) {
          page.locator("tbody tr", new Page.LocatorOptions().setHasText("news")).waitFor();
        }
        assertThat(served.server.openAnswers()).isEqualTo(1);

        first.close();
        second.waitForCondition(() -> served.server.openAnswers() == 1);
        served.enqueue("{\"type\": \"more\"}");
        second.locator("tbody tr", new Page.LocatorOptions().setHasText("more")).waitFor();
      }
    }

    @Test
    void stands_still_when_it_is_paused() {
      try (ServedQueue served = new ServedQueue(folder)) {
        Page page = open(browser().page(), served, "jobs");
        page.waitForCondition(() -> served.server.openAnswers() == 1);
        page.keyboard().press(".");
        List<String> asked = new CopyOnWriteArrayList<>();
        page.onRequest(request -> asked.add(request.url()));
        served.enqueue("{\"type\": \"news\"}");
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
        page.evaluate("window.dispatchEvent(new Event('focus'))");
        assertThat(asked).isEmpty();
        page.keyboard().press(".");
        page.locator("tbody tr", new Page.LocatorOptions().setHasText("news")).waitFor();
      }
    }
  }

  /** Held by the pointer, rows stay where they are. */
  @Nested
  class Rows {
    @Test
    void do_not_move_under_the_pointer() {
      try (ServedQueue served = new ServedQueue(folder)) {
        String old = served.enqueue("{\"type\": \"old\"}");
        Page page = open(browser().page(), served, "jobs");
        Locator row = page.locator("tbody tr").first();
        row.waitFor();
        row.hover();
        String newer = served.enqueue("{\"type\": \"newer\"}");
        page.locator(".newer").waitFor();
        assertThat(row.getAttribute("data-key")).isEqualTo(old);
        served.post("/api/v1/jobs/" + old + "/cancel", null).is(200);
        page.waitForCondition(() -> row.innerText().contains("Cancelled"));
        page.mouse().move(1, 1);
        page.waitForCondition(() -> newer.equals(row.getAttribute("data-key")));
        assertThat(JobId.parse(newer)).isNotNull();
      }
    }
  }
}
