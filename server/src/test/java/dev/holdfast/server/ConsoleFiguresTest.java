package dev.holdfast.server;

import static dev.holdfast.server.ConsoleBrowser.open;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
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

/** Figures over time in the console. */
@Tag("R-40")
@Tag("slow")
class ConsoleFiguresTest {
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
  void fill() {
    served = new ServedQueue(folder);
    new SampleQueue(served, "x");
    served.holdfast.start(); // folds what happened into minutes
    Objects.requireNonNull(browser).begin();
    page = Objects.requireNonNull(browser).page();
  }

  @AfterEach
  void empty() {
    Objects.requireNonNull(browser).hasNothingToComplainAbout();
    page.context().close();
    served.close();
  }

  private Locator plot(String title) {
    return page.locator(".plot", new Page.LocatorOptions().setHasText(title));
  }

  @Nested
  class The_overview {
    @Test
    void plots_what_ended_and_how_long_it_took() {
      open(page, served, "");
      plot("Throughput").locator("canvas").waitFor();
      page.waitForCondition(() -> plot("Throughput").innerText().matches("(?s).*completed \\d.*"));
      page.waitForCondition(
          () -> plot("Waiting and running").innerText().matches("(?s).*run p99 \\d.*"));
      assertThat(plot("Throughput").locator("[role=img]").getAttribute("aria-label"))
          .startsWith("Throughput: completed");
    }

    @Test
    void keeps_the_length_of_its_plots_in_the_address() {
      open(page, served, "");
      page.locator(".switch button", new Page.LocatorOptions().setHasText("6 h")).click();
      page.waitForURL("**/ui/?window=6h");
      page.reload();
      assertThat(page.locator(".head .switch [aria-pressed=true]").innerText()).isEqualTo("6 h");
      page.goBack();
      page.locator(".head .switch [aria-pressed=true]", new Page.LocatorOptions().setHasText("1 h"))
          .waitFor();
    }

    @Test
    void names_a_node_that_fell_silent_and_what_became_of_its_jobs() {
      String worker =
          served
              .post(
                  "/api/v1/worker/register",
                  "{\"name\": \"lost\", \"types\": [\"import\"], \"concurrency\": 1, \"recovery\":"
                      + " \"FAIL\", \"lease\": \"5s\"}")
              .is(201)
              .text("worker");
      served.enqueue("{\"type\": \"import\"}");
      served.post("/api/v1/worker/claim", "{\"worker\": \"%s\"}".formatted(worker)).is(200);
      open(page, served, "");
      Locator recovery =
          page.locator(".section", new Page.LocatorOptions().setHasText("Recoveries"))
              .locator("tbody tr", new Locator.LocatorOptions().setHasText("lost"));
      recovery.waitFor();
      assertThat(recovery.innerText()).contains("it fell silent", "1 failed");
    }
  }

  @Nested
  class A_queue {
    @Test
    void shows_what_ended_in_the_last_hour() {
      open(page, served, "queues");
      page.locator("tr[data-key=default] svg.spark").waitFor();
    }
  }
}
