package dev.holdfast.server;

import static dev.holdfast.server.ConsoleBrowser.open;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.holdfast.JobFilter;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.PageRequest;
import dev.holdfast.spi.server.Role;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Actions of the console on more jobs than a request may touch, and the list of them. */
@Tag("R-40")
@Tag("slow")
class ConsoleBulkTest {
  private static final int JOBS = 1_200;

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

  /** Nothing works an operation off before a test starts a node. */
  @BeforeEach
  void fill() {
    served = new ServedQueue(folder);
    served.enqueue("{\"type\": \"other\"}");
    for (int i = 0; i < 2; i++) {
      served.holdfast.queue().enqueue(Collections.nCopies(JOBS / 2, NewJob.of("many", null)));
    }
    browser().begin();
    page = browser().page();
  }

  @AfterEach
  void empty() {
    page.context().close();
    served.close();
  }

  private static ConsoleBrowser browser() {
    return Objects.requireNonNull(browser);
  }

  private Locator button(String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private Locator dialog(String text) {
    return page.locator("dialog", new Page.LocatorOptions().setHasText(text));
  }

  private Locator operation(String text) {
    return page.locator("tbody tr", new Page.LocatorOptions().setHasText(text));
  }

  private void chooseAllThatMatch() {
    open(page, served, "jobs?q=type:many");
    page.waitForCondition(() -> page.locator("tbody tr").count() == 50);
    page.locator("thead input").check();
    button("choose all that match").click();
    page.locator(".many", new Page.LocatorOptions().setHasText("All 1,200 jobs")).waitFor();
  }

  private void cancelAll() {
    chooseAllThatMatch();
    page.locator(".many").getByText("Cancel").click();
    button("Cancel 1,000+ jobs").click();
    dialog("0 jobs cancelled").waitFor();
  }

  private boolean hasOne(JobFilter filter) {
    return !served.holdfast.queue().list(filter, PageRequest.first(1)).items().isEmpty();
  }

  @Nested
  class All_that_match {
    @Test
    void are_cancelled_by_an_operation_that_shows_its_progress() {
      cancelAll();
      assertThat(page.locator("dialog").innerText()).contains("goes on when this is closed");
      served.holdfast.start();
      dialog("1,200 jobs cancelled.").waitFor();
      button("Close").click();
      assertThat(page.url()).endsWith("/ui/jobs?q=type:many");
      assertThat(hasOne(JobFilter.in(JobState.PENDING).type("many"))).isFalse();
      assertThat(hasOne(JobFilter.in(JobState.PENDING).type("other"))).isTrue();
      browser().hasNothingToComplainAbout();
    }

    @Test
    void are_left_alone_when_somebody_thinks_better_of_it() {
      chooseAllThatMatch();
      page.locator(".many").getByText("Delete").click();
      button("Delete 1,000+ jobs").waitFor();
      button("Not now").click();
      page.locator(".many", new Page.LocatorOptions().setHasText("All 1,200 jobs")).waitFor();
      assertThat(served.get("/api/v1/bulk-operations").json().get("operations").isEmpty()).isTrue();
    }

    @Test
    void are_moved_into_another_queue() {
      chooseAllThatMatch();
      button("Move…").click();
      page.locator("dialog input[name=queue]").fill("slow");
      served.holdfast.start();
      button("Move 1,000+ jobs").click();
      dialog("1,200 jobs moved.").waitFor();
      page.keyboard().press("Escape");
      open(page, served, "operations");
      operation("Move to slow").locator("td.cut a").click();
      page.waitForURL("**/ui/jobs?q=type:many");
      page.locator("tbody tr", new Page.LocatorOptions().setHasText("slow")).first().waitFor();
      browser().hasNothingToComplainAbout();
    }
  }

  @Nested
  class A_few {
    @Test
    void get_another_priority_at_once() {
      open(page, served, "jobs?q=type:other");
      page.locator("tbody input").check();
      button("Reprioritize…").click();
      page.locator("dialog input[name=priority]").fill("7");
      button("Reprioritize 1 job").waitFor(); // counted: until then Enter does nothing
      page.keyboard().press("Enter");
      dialog("1 job given another priority.").waitFor();
      JobFilter other = JobFilter.all().type("other");
      assertThat(served.holdfast.queue().list(other, PageRequest.first(1)).items())
          .satisfiesExactly(job -> assertThat(job.priority()).isEqualTo(7));
    }

    @Test
    void are_not_moved_to_a_queue_that_has_no_possible_name() {
      open(page, served, "jobs?q=type:other");
      page.locator("tbody input").check();
      button("Move…").click();
      page.locator("dialog input[name=queue]").fill("a b\u0007");
      button("Move 1 job").click();
      page.locator("dialog .note.error").waitFor();
      button("Not now").click();
      assertThat(hasOne(JobFilter.all().type("other").queue("default"))).isTrue();
      browser().hasNothingToComplainAboutBut(400);
    }

    @Test
    void stay_where_they_are_when_they_are_chosen() {
      for (int width : new int[] {1440, 390}) {
        try (BrowserContext context = browser().context(width, ColorScheme.LIGHT)) {
          Page list = open(context.newPage(), served, "jobs?q=type:many");
          list.locator(".matches", new Page.LocatorOptions().setHasText("1,200")).waitFor();
          Locator row = list.locator("tbody tr").nth(3);
          double before = row.boundingBox().y;
          row.locator("input").check();
          list.locator(".many", new Page.LocatorOptions().setHasText("1 job of 1,200")).waitFor();
          assertThat(row.boundingBox().y).as("at " + width).isEqualTo(before);
        }
      }
    }
  }

  @Nested
  class An_operation {
    @Test
    void is_cancelled_from_the_list_and_stays_there() {
      cancelAll();
      button("All operations").click();
      page.waitForURL("**/ui/operations");
      assertThat(page.locator("dialog").count()).isZero();
      operation("running").waitFor();
      button("cancel the operation of local").click();
      button("Not now").click();
      button("cancel the operation of local").click();
      button("Cancel it").click();
      operation("cancelled").waitFor();
      page.reload();
      operation("cancelled").waitFor();
      assertThat(operation("cancelled").innerText()).contains("type:many", "local");
      page.goBack();
      page.waitForURL("**/ui/jobs?q=type:many");
      assertThat(hasOne(JobFilter.in(JobState.CANCELLED))).isFalse();
      browser().hasNothingToComplainAbout();
    }

    @Test
    void is_cancelled_where_it_shows_its_progress() {
      cancelAll();
      button("Cancel the rest").click();
      dialog("the rest was cancelled").waitFor();
      assertThat(button("Cancel the rest").count()).isZero();
    }

    @Test
    void is_listed_for_everybody_on_each_screen() {
      cancelAll();
      for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
        for (int width : new int[] {1440, 390}) {
          try (BrowserContext context = browser().context(width, scheme)) {
            Page list = open(context.newPage(), served, "operations");
            list.locator("tbody tr", new Page.LocatorOptions().setHasText("running")).waitFor();
            assertThat(ConsoleBrowser.seriousFindings(list)).isEqualTo("[]");
            assertThat(list.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
          }
        }
      }
      browser().hasNothingToComplainAbout();
    }

    @Test
    void is_seen_but_not_cancelled_by_a_viewer() {
      cancelAll();
      Page viewer = browser().page();
      String token = served.token("v", Role.VIEWER);
      viewer.navigate(served.server.uri() + "/ui/operations");
      viewer.locator(".entry input").fill(token);
      viewer.keyboard().press("Enter");
      viewer.locator("tbody tr", new Page.LocatorOptions().setHasText("running")).waitFor();
      assertThat(viewer.locator("main button.button").count()).isZero();
      open(viewer, served, "jobs?q=type:many");
      viewer.locator("tbody tr").first().waitFor();
      assertThat(viewer.locator("main input[type=checkbox]").count()).isZero();
      browser().hasNothingToComplainAboutBut(401);
      viewer.context().close();
    }
  }
}
