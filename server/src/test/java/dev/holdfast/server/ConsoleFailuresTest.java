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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Groups of dead letters in the console. */
@Tag("R-40")
@Tag("R-74")
@Tag("slow")
class ConsoleFailuresTest {
  private static @Nullable ConsoleBrowser browser;

  @TempDir Path folder;
  private ServedQueue served;
  private String failed;
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
    failed = new SampleQueue(served, "no user 17 in \"crm\"").job(JobState.FAILED);
    Objects.requireNonNull(browser).begin();
    page = open(Objects.requireNonNull(browser).page(), served, "failures");
    row().waitFor();
  }

  @AfterEach
  void empty() {
    Objects.requireNonNull(browser).hasNothingToComplainAbout();
    page.context().close();
    served.close();
  }

  private Locator row() {
    return page.locator("tbody tr", new Page.LocatorOptions().setHasText("bad"));
  }

  private Locator button(String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private void becomes(JobState state) {
    await()
        .until(
            () ->
                served.get("/api/v1/jobs/" + JobId.parse(failed)).text("state").equals("" + state));
  }

  @Nested
  class A_group {
    @Test
    void leads_to_its_jobs() {
      row().locator("a").first().click();
      page.waitForURL(url -> url.contains("/ui/jobs?q=state:failed"));
      page.locator("tbody tr").waitFor();
      assertThat(page.locator("tbody tr").getAttribute("data-key")).isEqualTo(failed);
    }

    @Test
    void is_retried_after_a_question() {
      button("retry bad").click();
      button("Not now").click();
      button("retry bad").click();
      button("Retry 1 job").click();
      page.locator("dialog", new Page.LocatorOptions().setHasText("put back into the queue"))
          .waitFor();
      becomes(JobState.PENDING);
      button("Close").click();
      page.locator(".empty", new Page.LocatorOptions().setHasText("No job has failed")).waitFor();
    }

    @Test
    void is_deleted_after_a_question() {
      button("delete bad").click();
      button("Delete 1 job").click();
      page.locator("dialog", new Page.LocatorOptions().setHasText("1 job deleted")).waitFor();
      served.get("/api/v1/jobs/" + failed).is(404);
    }

    @Test
    void is_muted_for_a_time_and_counts_again() {
      button("mute bad").click();
      page.locator("dialog select").selectOption("24h");
      button("Mute").click();
      page.locator(".empty", new Page.LocatorOptions().setHasText("Only muted groups")).waitFor();
      page.locator(".empty a").click();
      page.waitForURL("**/ui/failures?show=muted");
      page.reload();
      page.locator("tbody tr", new Page.LocatorOptions().setHasText("muted")).waitFor();
      button("unmute bad").click();
      page.locator(".empty", new Page.LocatorOptions().setHasText("No group is muted")).waitFor();
      page.goBack();
      row().waitFor();
    }
  }

  @Nested
  class The_overview {
    @Test
    void names_the_failures_of_the_last_day() {
      open(page, served, "");
      Locator section =
          page.locator(
              ".section", new Page.LocatorOptions().setHasText("Failures of the last day"));
      section.locator("tbody tr", new Locator.LocatorOptions().setHasText("bad")).waitFor();
    }
  }
}
