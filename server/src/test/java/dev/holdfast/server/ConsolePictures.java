package dev.holdfast.server;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.holdfast.JobContext;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.testkit.process.Eventually;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import javax.imageio.ImageIO;

/**
 * Takes the pictures of the console for its guide: each page at three sizes, light and dark, on one
 * sheet. Needs Debian's chromium. Its argument is the folder to write to.
 */
public final class ConsolePictures {
  private static final List<Integer> WIDTHS = List.of(1440, 1024, 390);
  private static final int HEIGHT = 900;
  private static final int GAP = 12;
  private static final double SCALE = 0.5;

  private static final List<String> CUSTOMERS = List.of("Ada", "Grace", "Edsger", "Barbara");
  private static final List<String> FAILURES =
      List.of(
          "smtp.example.com:25 did not answer within 30 s",
          "no invoice number in row 4711",
          "HTTP 503 from https://pay.example.com/charges/81");

  private ConsolePictures() {}

  /** Takes them. */
  public static void main(String[] args) throws Exception {
    Path to = Files.createDirectories(Path.of(args[0]));
    Path folder = Files.createTempDirectory("pictures");
    CountDownLatch over = new CountDownLatch(1);
    try (ServedQueue served = new ServedQueue(folder);
        ConsoleBrowser browser = new ConsoleBrowser()) {
      Map<String, String> pages = pages(served, fill(served, over));
      for (Map.Entry<String, String> page : pages.entrySet()) {
        ImageIO.write(
            sheet(browser, served, page.getValue()),
            "png",
            to.resolve(page.getKey() + ".png").toFile());
      }
      over.countDown();
    }
  }

  /** The jobs that pages are about. */
  private record Sample(JobId failed, JobId running, JobId stepped) {}

  private static Sample fill(ServedQueue served, CountDownLatch over) {
    SampleQueue unused = new SampleQueue(served, "quarterly report");
    served.holdfast.handle("mail", Object.class, (payload, job) -> "sent");
    served.holdfast.handle("import", Object.class, (payload, job) -> fail(job));
    served.holdfast.handle("invoice", Object.class, (payload, job) -> invoice(job));
    served.holdfast.handle(
        "render",
        Object.class,
        (payload, job) -> {
          job.progress(64, "page 16 of 25");
          over.await();
          return "rendered";
        });
    served.holdfast.start(NodeConfig.defaults().name("worker-a").concurrency(8));
    for (int i = 0; i < 120; i++) {
      served.holdfast.enqueue(about("mail", i).on("mail"));
    }
    JobId failed = served.holdfast.enqueue(about("import", 0).maxAttempts(1)).id();
    for (int i = 1; i < 30; i++) {
      served.holdfast.enqueue(about("import", i).maxAttempts(1).on("imports"));
    }
    JobId stepped = served.holdfast.enqueue(about("invoice", 5)).id();
    JobId running = served.holdfast.enqueue(about("render", 7)).id();
    Eventually.is(
        "the jobs have run",
        () ->
            state(served, stepped) == JobState.COMPLETED
                && state(served, running) == JobState.RUNNING
                && state(served, failed) == JobState.FAILED);
    Eventually.is(
        "what ended is added up",
        () -> served.get("/metrics").body().contains("holdfast_queue_run_seconds{"));
    return new Sample(failed, running, stepped);
  }

  private static NewJob about(String type, int i) {
    return NewJob.of(
            type, Map.of("customer", CUSTOMERS.get(i % CUSTOMERS.size()), "order", 81_000 + 7 * i))
        .tags(i % 3 == 0 ? "eu" : "us");
  }

  private static Object fail(JobContext job) {
    job.log("reading 20,000 rows");
    job.checkpoint("rows", Map.of("done", 4_710));
    throw new IllegalStateException(
        FAILURES.get(Math.floorMod(job.id().hashCode(), FAILURES.size())));
  }

  private static Object invoice(JobContext job) throws Exception {
    String receipt = job.step("charge", String.class, () -> "receipt 815");
    job.step("print", String.class, () -> "invoice-815.pdf");
    job.step("send", String.class, () -> "sent");
    return Map.of("receipt", receipt);
  }

  private static JobState state(ServedQueue served, JobId id) {
    return served.holdfast.find(id).orElseThrow().state();
  }

  private static Map<String, String> pages(ServedQueue served, Sample sample) {
    String node = served.get("/api/v1/nodes").json().at("/nodes/0/id").asString();
    Map<String, String> pages = new LinkedHashMap<>();
    pages.put("overview", "");
    pages.put("jobs", "jobs?q=state:failed");
    pages.put("job", "job?id=" + sample.failed);
    pages.put("job-running", "job?id=" + sample.running);
    pages.put("job-steps", "job?id=" + sample.stepped + "&tab=steps");
    pages.put("failures", "failures");
    pages.put("review", "review");
    pages.put("queues", "queues");
    pages.put("schedules", "schedules");
    pages.put("schedule", "schedule?name=nightly");
    pages.put("nodes", "nodes");
    pages.put("node", "node?id=" + node);
    pages.put("logs", "logs");
    pages.put("operations", "operations");
    pages.put("alerts", "alerts");
    pages.put("webhooks", "webhooks");
    pages.put("tokens", "tokens");
    pages.put("audit", "audit");
    pages.put("maintenance", "maintenance");
    return pages;
  }

  /** Returns a page at each width: light above, dark below. */
  private static BufferedImage sheet(ConsoleBrowser browser, ServedQueue served, String path)
      throws IOException {
    int width = WIDTHS.stream().mapToInt(ConsolePictures::scaled).sum() + GAP * (WIDTHS.size() + 1);
    int height = 2 * scaled(HEIGHT) + 3 * GAP;
    BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D drawing = sheet.createGraphics();
    drawing.setColor(Color.GRAY);
    drawing.fillRect(0, 0, width, height);
    drawing.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BICUBIC);
    int top = GAP;
    for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
      int left = GAP;
      for (int each : WIDTHS) {
        drawing.drawImage(
            picture(browser, served, path, each, scheme),
            left,
            top,
            scaled(each),
            scaled(HEIGHT),
            null);
        left += scaled(each) + GAP;
      }
      top += scaled(HEIGHT) + GAP;
    }
    drawing.dispose();
    return sheet;
  }

  private static int scaled(int pixels) {
    return (int) (pixels * SCALE);
  }

  private static BufferedImage picture(
      ConsoleBrowser browser, ServedQueue served, String path, int width, ColorScheme scheme)
      throws IOException {
    try (BrowserContext context = browser.context(width, scheme)) {
      Page page = context.newPage();
      byte[] png = ConsoleBrowser.open(page, served, path).screenshot();
      return ImageIO.read(new ByteArrayInputStream(png));
    }
  }
}
