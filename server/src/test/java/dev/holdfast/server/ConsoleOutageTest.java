package dev.holdfast.server;

import static dev.holdfast.server.ConsoleBrowser.open;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.holdfast.spi.server.Role;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A console whose server does not answer, or does not know its reader any more. */
@Tag("R-40")
@Tag("slow")
class ConsoleOutageTest {
  private static final String API = "**/api/v1/**";

  private static @Nullable ConsoleBrowser browser;

  @TempDir Path folder;
  private ServedQueue served;
  private Page page;

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
  void serve() {
    served = new ServedQueue(folder);
    Objects.requireNonNull(browser).begin();
    page = Objects.requireNonNull(browser).page();
  }

  @AfterEach
  void end() {
    page.context().close();
    served.close();
  }

  private Locator lost() {
    return page.locator(".lost");
  }

  private static void isGone(Locator locator) {
    locator.waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
  }

  @Nested
  class A_server_that_does_not_answer {
    @Test
    void is_asked_again_by_itself_while_the_page_shows_what_it_knows() {
      served.enqueue("{\"type\": \"old\"}");
      open(page, served, "jobs");
      page.route(API, Route::abort);
      page.keyboard().press(".");
      page.keyboard().press("."); // reads at once
      lost().waitFor();
      assertThat(lost().innerText())
          .containsPattern("does not answer[.] (Next try in \\d+ s|Trying …)[.]? Last answer: \\d");
      assertThat(page.locator("tbody tr").innerText()).contains("old");

      served.enqueue("{\"type\": \"news\"}");
      page.unroute(API);
      isGone(lost());
      page.locator("tbody tr", new Page.LocatorOptions().setHasText("news")).waitFor();
    }

    @Test
    void is_asked_at_once_where_the_reader_says_so() {
      page.route(API, Route::abort);
      page.navigate(served.server.uri() + "/ui/queues");
      lost().waitFor();
      page.unroute(API);
      page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Try now")).click();
      isGone(lost());
      page.locator("h1", new Page.LocatorOptions().setHasText("Queues")).waitFor();
    }

    @Test
    void may_be_hidden_by_a_proxy_that_says_so() {
      open(page, served, "queues");
      page.route(
          API, route -> route.fulfill(new Route.FulfillOptions().setStatus(502).setBody("bad")));
      page.keyboard().press(".");
      page.keyboard().press(".");
      lost().waitFor();
      page.unroute(API);
      isGone(lost());
    }

    @Test
    void leaves_a_page_that_was_not_read_yet_for_later() {
      open(page, served, "queues");
      page.route("**/ui/pages/schedules.js", Route::abort);
      page.route(API, Route::abort);
      page.locator(".side a", new Page.LocatorOptions().setHasText("Schedules")).click();
      lost().waitFor();
      page.unroute("**/ui/pages/schedules.js");
      page.unroute(API);
      page.locator(".empty", new Page.LocatorOptions().setHasText("No job recurs")).waitFor();
      assertThat(page.url()).endsWith("/ui/schedules");
    }
  }

  @Nested
  class A_late_answer {
    @Test
    void does_not_change_the_order_of_a_page() {
      served.enqueue("{\"type\": \"old\"}");
      AtomicReference<Route> late = new AtomicReference<>();
      page.route("**/api/v1/queues", late::set);
      page.navigate(served.server.uri() + "/ui/queues");
      page.locator(".section", new Page.LocatorOptions().setHasText("Limits of types")).waitFor();
      page.waitForCondition(() -> late.get() != null);
      Objects.requireNonNull(late.get()).resume();
      page.locator("tr[data-key=default]").waitFor();
      assertThat(page.locator("main").innerText()).startsWith("Queues").contains("Limits of types");
    }
  }

  @Nested
  class A_session_that_ended {
    @Test
    void says_so_and_leads_back_to_the_same_page() {
      served.enqueue("{\"type\": \"old\"}");
      String first = served.token("ada", Role.OPERATOR);
      String second = served.token("bob", Role.OPERATOR);
      page.navigate(served.server.uri() + "/ui/jobs?q=state:pending");
      signIn(first);
      page.locator("tbody tr").waitFor();
      page.keyboard().press("j");
      page.keyboard().press("x");
      page.keyboard().press("c");
      page.locator("dialog").waitFor();

      served.holdfast.embedding().server().tokens().revoke("ada");
      page.locator(".entry .note", new Page.LocatorOptions().setHasText("session has ended"))
          .waitFor();
      signIn(second);
      page.locator("tbody tr").waitFor();
      assertThat(page.url()).endsWith("/ui/jobs?q=state:pending");
      assertThat(page.locator("dialog, .many, .entry").count()).isZero();
    }

    private void signIn(String token) {
      page.locator(".entry input").fill(token);
      page.keyboard().press("Enter");
    }
  }
}
