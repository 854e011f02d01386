package dev.holdfast.server;

import static dev.holdfast.server.ConsoleBrowser.open;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.BoundingBox;
import dev.holdfast.JobState;
import java.nio.file.Path;
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

/** The search of the console: words with a colon, suggestions, and bars to drag over. */
@Tag("R-40")
@Tag("slow")
class ConsoleSearchTest {
  private static @Nullable ConsoleBrowser browser;

  @TempDir Path folder;
  private ServedQueue served;
  private SampleQueue sample;
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
  void fill() {
    served = new ServedQueue(folder);
    sample = new SampleQueue(served, "a b");
    served.holdfast.start(); // folds what happened into figures
    Objects.requireNonNull(browser).begin();
    page = Objects.requireNonNull(browser).page();
  }

  @AfterEach
  void empty() {
    Objects.requireNonNull(browser).hasNothingToComplainAbout();
    page.context().close();
    served.close();
  }

  private void search(String text) {
    page.keyboard().press("/");
    page.locator(".search input").fill(text);
    page.keyboard().press("Enter");
    page.keyboard().press("Escape");
  }

  /** Waits until these jobs, and no others, are listed. */
  private void finds(String text, JobState... states) {
    search(text);
    List<String> expected = List.of(states).stream().map(sample::job).sorted().toList();
    page.waitForCondition(
        () ->
            page.locator("tbody tr").all().stream()
                .map(row -> row.getAttribute("data-key"))
                .sorted()
                .toList()
                .equals(expected));
  }

  @Nested
  class A_search {
    @Test
    void finds_jobs_by_each_fact_of_them() {
      open(page, served, "jobs");
      finds("state:failed,running", JobState.FAILED, JobState.RUNNING);
      finds("tag:\"a b\" -state:pending,cancelled type:idle,held", JobState.INTERRUPTED);
      finds("payload.text:\"a b\" -type:idle,good state:completed,failed", JobState.FAILED);
      finds("metadata.note:\"a b\" attempts:>0 state:running", JobState.RUNNING);
      finds("failure:\"a b\"", JobState.FAILED);
      finds("failure:NOT_RETRYABLE since:1h", JobState.FAILED);
      finds("node:worker-1 state:running", JobState.RUNNING);
      finds("due-since:1h due-before:1s state:running wait:<1h", JobState.RUNNING);
      finds(sample.job(JobState.BLOCKED), JobState.BLOCKED);
      assertThat(page.url()).endsWith("/ui/jobs?q=" + sample.job(JobState.BLOCKED));
    }

    @Test
    void says_which_word_it_does_not_understand() {
      open(page, served, "jobs");
      search("type:good took:long colour:red -tag:x");
      page.locator(".note.error").nth(2).waitFor();
      assertThat(page.locator(".note.error").allInnerTexts())
          .satisfiesExactly(
              first -> assertThat(first).contains("took:long", "such as >5s"),
              second -> assertThat(second).contains("colour:red", "no such qualifier"),
              third -> assertThat(third).contains("-tag:", "not possible"));
    }

    @Test
    void suggests_words_and_values() {
      open(page, served, "jobs");
      page.locator("tbody tr").first().waitFor();
      page.keyboard().press("/");
      page.keyboard().type("-ty");
      Locator suggestions = page.locator("#suggestions li");
      assertThat(suggestions.allInnerTexts())
          .satisfiesExactly(one -> assertThat(one).contains("-type:"));
      page.keyboard().press("ArrowDown");
      page.keyboard().press("Enter");
      page.keyboard().type("go");
      page.waitForCondition(() -> suggestions.count() == 1);
      page.keyboard().press("ArrowDown");
      page.keyboard().press("Enter");
      page.waitForURL("**/ui/jobs?q=-type:good");
    }
  }

  @Nested
  class The_counts {
    private Locator value(String text) {
      return page.locator(".facets a", new Page.LocatorOptions().setHasText(text));
    }

    @Test
    void say_how_jobs_divide_and_narrow_the_search() {
      open(page, served, "jobs");
      page.locator(".matches", new Page.LocatorOptions().setHasText("9 jobs match")).waitFor();
      value("bad").click();
      page.waitForURL("**/ui/jobs?q=type:bad");
      page.locator(".matches", new Page.LocatorOptions().setHasText("1 job matches")).waitFor();
      value("NOT_RETRYABLE").click();
      page.waitForURL("**/ui/jobs?q=type:bad+failure:NOT_RETRYABLE");
      assertThat(value("bad").getAttribute("aria-current")).isEqualTo("true");
      value("bad").click();
      page.waitForURL("**/ui/jobs?q=failure:NOT_RETRYABLE");
    }
  }

  @Nested
  class The_bars {
    @Test
    void narrow_the_time_where_somebody_drags_over_them() {
      open(page, served, "jobs");
      page.locator(".histogram", new Page.LocatorOptions().setHasText("in all 9")).waitFor();
      Locator plot = page.locator(".histogram .u-over");
      BoundingBox box = plot.boundingBox();
      double middle = box.y + box.height / 2;
      page.mouse().move(box.x + box.width * 0.8, middle);
      page.mouse().down();
      page.mouse().move(box.x + box.width * 0.9, middle);
      page.mouse().move(box.x + box.width - 1, middle);
      page.mouse().up();
      page.waitForURL(url -> url.contains("q=since:") && url.contains("before:"));
      String narrowed = page.locator(".search input").inputValue();
      assertThat(narrowed).matches("since:\\S+Z before:\\S+Z");

      page.goBack();
      page.waitForURL("**/ui/jobs");
      page.locator("tbody tr").first().waitFor();
    }

    @Test
    void count_what_the_search_is_about() {
      open(page, served, "jobs?q=state:failed+queue:default");
      page.locator(
              ".histogram", new Page.LocatorOptions().setHasText("Jobs failed of queue default"))
          .waitFor();
      page.locator(".histogram", new Page.LocatorOptions().setHasText("in all 1")).waitFor();
    }
  }
}
