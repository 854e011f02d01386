package dev.holdfast.server;

import static dev.holdfast.server.ConsoleBrowser.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Actions in the console, by pointer and by keys. */
@Tag("R-40")
@Tag("slow")
class ConsoleActionsTest {
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
    sample = new SampleQueue(served, "x");
    Objects.requireNonNull(browser).begin();
    page = Objects.requireNonNull(browser).page();
  }

  @AfterEach
  void empty() {
    Objects.requireNonNull(browser).hasNothingToComplainAbout();
    page.context().close();
    served.close();
  }

  private Locator button(String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private Optional<JobState> state(String job) {
    return served.holdfast.find(JobId.parse(job)).map(found -> found.state());
  }

  private void becomes(String job, JobState state) {
    await().until(() -> state(job).equals(Optional.of(state)));
  }

  @Nested
  class A_job {
    @Test
    void is_cancelled_after_a_question() {
      String job = sample.job(JobState.PENDING);
      open(page, served, "job?id=" + job);
      button("Cancel…").click();
      button("Not now").click();
      assertThat(state(job)).contains(JobState.PENDING);
      button("Cancel…").click();
      button("Cancel it").click();
      becomes(job, JobState.CANCELLED);
      page.locator(".line-of-facts", new Page.LocatorOptions().setHasText("Cancelled")).waitFor();
    }

    @Test
    void is_retried_where_it_says_why_it_is_there() {
      String job = sample.job(JobState.FAILED);
      open(page, served, "job?id=" + job);
      page.locator(".note.why button").click();
      becomes(job, JobState.PENDING);
    }

    @Test
    void is_resumed_from_the_review() {
      String job = sample.job(JobState.INTERRUPTED);
      open(page, served, "review");
      assertThat(page.locator(".held").count()).isEqualTo(1);
      button("Resume").click();
      becomes(job, JobState.PENDING);
      page.locator(".empty").waitFor();
    }

    @Test
    void is_deleted_and_the_list_is_shown() {
      String job = sample.job(JobState.COMPLETED);
      open(page, served, "job?id=" + job);
      button("Delete…").click();
      button("Delete it").click();
      page.waitForURL("**/ui/jobs");
      assertThat(state(job)).isEmpty();
    }

    @Test
    void is_changed_and_copied_to_the_letter() {
      String job = sample.job(JobState.SCHEDULED);
      open(page, served, "job?id=" + job);
      button("Change…").click();
      page.locator("dialog textarea").fill("{\"n\": 12345678901234567890.50}");
      page.locator("dialog input[name=priority]").fill("7");
      button("Change").click();
      await()
          .untilAsserted(
              () ->
                  assertThat(served.get("/api/v1/jobs/" + job).body())
                      .contains("12345678901234567890.50", "\"priority\":7"));
      page.locator(".code", new Page.LocatorOptions().setHasText("12345678901234567890.50"))
          .waitFor();
      button("Copy as new…").click();
      button("Enqueue").click();
      page.waitForURL(url -> url.contains("/ui/job?id=") && !url.contains(job));
      String copied = page.url().replaceFirst(".*id=", "");
      assertThat(served.get("/api/v1/jobs/" + copied).body()).contains("12345678901234567890.50");
    }

    @Test
    void is_sent_no_json_that_is_none() {
      open(page, served, "job?id=" + sample.job(JobState.SCHEDULED));
      button("Change…").click();
      page.locator("dialog textarea").fill("{");
      button("Change").click();
      page.locator("dialog .note.error").waitFor();
      button("Not now").click();
      assertThat(page.locator("dialog").count()).isZero();
    }
  }

  @Nested
  class Many_jobs {
    @Test
    void are_cancelled_all_that_match_after_a_dry_run_says_how_many() {
      for (int i = 0; i < 60; i++) {
        served.enqueue("{\"type\": \"many\"}");
      }
      open(page, served, "jobs?q=type:many");
      page.waitForCondition(() -> page.locator("tbody tr").count() == 50);
      page.locator("thead input").check();
      assertThat(page.locator(".many").innerText()).contains("50 jobs");
      button("choose all that match").click();
      page.locator(".many .button", new Page.LocatorOptions().setHasText("Cancel")).click();
      button("Cancel 60 jobs").click();
      page.locator("dialog", new Page.LocatorOptions().setHasText("60 jobs cancelled")).waitFor();
      button("Close").click();
      assertThat(page.url()).endsWith("/ui/jobs?q=type:many");
      assertThat(state(sample.job(JobState.PENDING))).contains(JobState.PENDING);
      page.locator("tbody tr", new Page.LocatorOptions().setHasText("Cancelled")).first().waitFor();
    }
  }

  @Nested
  class What_serves_them {
    @Test
    void a_queue_is_paused_and_served_again_and_its_settings_change() {
      open(page, served, "queues");
      button("pause the queue default").click();
      await().until(() -> served.get("/api/v1/queues/default").body().contains("\"paused\":true"));
      button("resume the queue default").click();
      await().until(() -> served.get("/api/v1/queues/default").body().contains("\"paused\":false"));
      button("settings of the queue default").click();
      page.locator("dialog input[name=concurrency]").fill("3");
      page.locator("dialog input[name=rate]").fill("");
      button("Save").click();
      await()
          .until(
              () ->
                  served
                      .get("/api/v1/queues/default")
                      .body()
                      .contains("\"concurrency\":3,\"concurrency_per_group\":null,\"rate\":null"));
    }

    @Test
    void a_node_is_quieted_and_started() {
      open(page, served, "nodes");
      button("quiet worker-1").click();
      button("start worker-1").click();
      button("quiet worker-1").waitFor();
    }

    @Test
    void a_schedule_runs_now_and_is_paused() {
      open(page, served, "schedules");
      int before = served.get("/api/v1/schedules/nightly").json().get("fires").size();
      button("Run now: nightly").click();
      await()
          .until(() -> served.get("/api/v1/schedules/nightly").json().get("fires").size() > before);
      button("pause nightly").click();
      button("resume nightly").waitFor();
    }
  }

  @Nested
  class The_keyboard_alone {
    @Test
    void finds_a_job_cancels_it_and_goes_on() {
      String job = sample.job(JobState.PENDING);
      open(page, served, "");
      page.keyboard().press("g");
      page.keyboard().press("j");
      page.waitForURL("**/ui/jobs");
      page.locator("tbody tr").first().waitFor();
      page.keyboard().press("/");
      page.keyboard().type("state:pend");
      page.locator("#suggestions li").waitFor();
      page.keyboard().press("ArrowDown");
      page.keyboard().press("Enter");
      page.waitForURL("**/ui/jobs?q=state:pending");
      page.keyboard().press("Escape");
      page.waitForCondition(() -> page.locator("tbody tr").count() == 2);
      page.keyboard().press("j");
      page.keyboard().press("j");
      assertThat(page.evaluate("document.activeElement.dataset.key")).isEqualTo(job);
      page.keyboard().press("x");
      page.keyboard().press("c");
      page.locator("dialog button", new Page.LocatorOptions().setHasText("Cancel 1 job")).waitFor();
      page.keyboard().press("Tab");
      assertThat(page.evaluate("document.activeElement.innerText")).isEqualTo("Cancel 1 job");
      page.keyboard().press("Enter");
      becomes(job, JobState.CANCELLED);
      page.keyboard().press("Escape");
      page.keyboard().press("Control+k");
      page.keyboard().type("queues");
      page.keyboard().press("Enter");
      page.waitForURL("**/ui/queues");
      page.keyboard().press("?");
      page.locator("dialog", new Page.LocatorOptions().setHasText("Next row")).waitFor();
    }
  }
}
