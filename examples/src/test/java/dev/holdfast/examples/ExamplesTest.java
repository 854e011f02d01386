package dev.holdfast.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Enqueued;
import dev.holdfast.Failure;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.LogLine;
import dev.holdfast.NewJob;
import dev.holdfast.PageRequest;
import dev.holdfast.ScheduleStatus;
import dev.holdfast.search.Scope;
import dev.holdfast.server.Server;
import dev.holdfast.server.ServerConfig;
import dev.holdfast.server.access.Tokens;
import dev.holdfast.spi.server.Role;
import dev.holdfast.testkit.process.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs every example on a real SQLite file. */
@Timeout(60)
class ExamplesTest {
  @TempDir private Path folder;
  private String file;

  @BeforeEach
  void nameAFile() {
    file = folder.resolve("jobs.db").toString();
  }

  @Test
  void four_lines_greet() throws Exception {
    assertThat(FourLines.greet("Ada", file)).isEqualTo("\"Hello, Ada!\"");
  }

  @Test
  void a_job_goes_through_a_server_and_back() throws Exception {
    try (Holdfast holdfast = Holdfast.open(file)) {
      holdfast.handle("mail", Object.class, (mail, job) -> "sent");
      holdfast.start();
      String token =
          Tokens.create(
                  holdfast.embedding().server().tokens(),
                  "shop",
                  Role.PRODUCER,
                  Scope.all(),
                  Optional.empty(),
                  "test")
              .reveal();
      try (Server server = Server.start(holdfast, ServerConfig.defaults().port(0))) {
        assertThat(ThroughServer.mail(server.uri(), token).result()).contains("\"sent\"");
      }
    }
  }

  @Test
  void a_schedule_is_declared_and_triggered() throws Exception {
    try (Holdfast holdfast = Holdfast.open(file)) {
      assertThat(NightlySchedule.reportNow(holdfast).result()).contains("\"reported yesterday\"");
      assertThat(holdfast.queue().schedules().list())
          .extracting(ScheduleStatus::name)
          .containsExactly("heartbeat", "nightly");
      assertThat(NightlySchedule.missed(NewJob.of("t", 1)).missed().after()).hasSeconds(10);
    }
  }

  @Test
  void a_result_is_the_JSON_of_what_the_handler_returned() throws Exception {
    assertThat(Results.invoice(file)).isEqualTo("{\"order\":\"A-1\",\"totalCents\":11900}");
  }

  @Test
  void jobs_follow_others_and_read_their_results() throws Exception {
    assertThat(Dependencies.chain(file)).isEqualTo("\"front page: the text at example.org\"");
    assertThat(Dependencies.words(file, List.of("to be", "or not to be")))
        .isEqualTo("\"words: 6\"");
  }

  @Test
  void each_document_is_read_by_a_job_and_one_reports_on_all() throws Exception {
    writePdf(folder.resolve("one.pdf"), "to be or not to be");
    writePdf(folder.resolve("two.pdf"), "that is the question");
    Files.writeString(folder.resolve("broken.pdf"), "no PDF at all");

    assertThat(DocumentPipeline.report(file, folder))
        .isEqualTo("{\"files\":2,\"unreadable\":1,\"pages\":2,\"words\":10}");
  }

  private static void writePdf(Path file, String text) throws IOException {
    try (PDDocument document = new PDDocument()) {
      PDPage page = new PDPage();
      document.addPage(page);
      try (PDPageContentStream content = new PDPageContentStream(document, page)) {
        content.beginText();
        content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
        content.newLineAtOffset(72, 700);
        content.showText(text);
        content.endText();
      }
      document.save(file.toFile());
    }
  }

  @Test
  void no_more_jobs_start_in_a_period_than_the_rate_allows() throws Exception {
    assertThat(RateLimitedCaller.call(file, 7)).isEqualTo(7);

    try (Holdfast holdfast = Holdfast.open(file)) {
      List<Job> jobs = holdfast.queue().list(JobFilter.all(), PageRequest.first(10)).items();
      Instant created = jobs.stream().map(Job::createdAt).min(Instant::compareTo).orElseThrow();
      Instant lastStart =
          jobs.stream()
              .map(job -> job.startedAt().orElseThrow())
              .max(Instant::compareTo)
              .orElseThrow();
      assertThat(lastStart).isAfterOrEqualTo(created.plusSeconds(1));
    }
  }

  @Test
  void a_job_waits_for_an_approval() throws Exception {
    assertThat(Approval.pay(file)).isEqualTo("\"A-1 paid, \\\"by Ada\\\"\"");
  }

  @Test
  void an_order_passes_its_steps() throws Exception {
    assertThat(OrderPipeline.order(file, true))
        .containsExactly("charged A-1", "thanked for A-1 in 2 parcels", "approved by Ada");
  }

  @Test
  void an_order_that_nobody_approves_is_refunded() throws Exception {
    assertThat(OrderPipeline.order(file, false))
        .containsExactly("charged A-1", "refunded receipt", "refunded");
  }

  @Test
  void a_handler_asks_for_an_approval_if_needed() throws Exception {
    assertThat(Approval.order(file, 50)).isEqualTo("\"ordered for 50, unasked\"");
    assertThat(Approval.order(file, 5_000)).isEqualTo("\"ordered for 5000, \\\"by Ada\\\"\"");
  }

  @Test
  void a_job_may_wait_for_several_in_different_ways() {
    try (Holdfast holdfast = Holdfast.open(file)) {
      JobId upload = holdfast.enqueue(NewJob.of("upload", "x")).id();
      JobId scan = holdfast.enqueue(NewJob.of("scan", "x")).id();
      JobId id = Dependencies.after(holdfast, upload, scan);

      holdfast.queue().cancel(List.of(scan), "test");
      assertThat(holdfast.find(id).orElseThrow().state()).isEqualTo(JobState.BLOCKED);
      holdfast.queue().cancel(List.of(upload), "test");
      assertThat(holdfast.find(id).orElseThrow().state()).isEqualTo(JobState.CANCELLED);
    }
  }

  @Test
  void a_failed_attempt_is_followed_by_another() throws Exception {
    Job job = Retries.thirdTime(file);

    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.attempt()).isEqualTo(3);
    assertThat(job.result()).contains("\"fetched at attempt 3\"");
  }

  @Test
  void a_failure_that_no_retry_can_fix_is_final() throws Exception {
    Job job = Retries.refused(file);

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.attempt()).isEqualTo(1);
    assertThat(job.failure().orElseThrow().kind()).isEqualTo(Failure.Kind.NOT_RETRYABLE);
  }

  @Test
  void a_handler_may_say_when_to_try_again() throws Exception {
    Job job = Retries.askedToWait(file);

    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.attempt()).isEqualTo(2);
  }

  @Test
  void a_snooze_uses_up_no_attempt() throws Exception {
    Path awaited = folder.resolve("upload.csv");
    try (Holdfast holdfast = Holdfast.open(file)) {
      CompletableFuture<Job> arrival =
          CompletableFuture.supplyAsync(() -> arrival(holdfast, awaited.toString()));
      Eventually.is(
          "it has snoozed once",
          () -> holdfast.queue().status().counts().getOrDefault(JobState.SCHEDULED, 0L) > 0);
      Files.createFile(awaited);

      Job job = arrival.get();

      assertThat(job.state()).isEqualTo(JobState.COMPLETED);
      assertThat(job.attempt()).isEqualTo(1);
      assertThat(holdfast.queue().events(job.id()))
          .extracting(JobEvent::to)
          .contains(JobState.SCHEDULED, JobState.COMPLETED);
    }
  }

  private static Job arrival(Holdfast holdfast, String awaited) {
    try {
      return Snoozing.arrival(holdfast, awaited);
    } catch (Exception failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Test
  void a_handler_over_its_timeout_is_interrupted() throws Exception {
    Job job = Timeouts.tooLong(file);

    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.failure().orElseThrow().kind()).isEqualTo(Failure.Kind.TIMEOUT);
  }

  @Test
  void a_cancelled_handler_notices() throws Exception {
    assertThat(Cancelling.calledOff(file).state()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void progress_and_log_can_be_read_back() throws Exception {
    ProgressAndLog.Reported reported = ProgressAndLog.copy(file);

    assertThat(reported.progress().percent()).isEqualTo(100);
    assertThat(reported.log())
        .extracting(LogLine::message)
        .containsExactly("copying 2000 rows", "one row was empty");
    assertThat(reported.log().get(1).details()).contains("{\"row\":17}");
  }

  @Test
  void a_known_key_answers_the_first_job() {
    List<Enqueued> answers = IdempotencyKeys.welcomeTwice(file);

    assertThat(answers).extracting(Enqueued::duplicate).containsExactly(false, true);
    assertThat(answers.get(1).id()).isEqualTo(answers.get(0).id());
  }

  @Test
  void a_job_for_later_waits_for_its_time() {
    List<Job> later = Delays.later(file);

    assertThat(later).extracting(Job::state).containsOnly(JobState.SCHEDULED);
    assertThat(later.get(1).runAt()).isEqualTo(Instant.parse("2100-01-01T00:00:00Z"));
  }

  @Test
  void many_jobs_can_be_awaited_in_their_order() throws Exception {
    List<String> squares = Awaiting.squares(file);

    assertThat(squares).hasSize(100).startsWith("1", "4", "9").endsWith("10000");
  }

  @Test
  void a_rolled_back_order_leaves_no_job() throws Exception {
    assertThat(OwnTransaction.orderAndMistake(file)).isEqualTo(1);
  }

  @Test
  void a_configured_node_leaves_its_steps_in_the_history() throws Exception {
    assertThat(Configured.history(file))
        .extracting(JobEvent::to)
        .containsExactly(JobState.PENDING, JobState.RUNNING, JobState.COMPLETED);
  }

  @Test
  void a_handler_goes_on_from_its_checkpoint() throws Exception {
    assertThat(GoingOn.copy(file))
        .containsExactly(
            "row 1 in attempt 1",
            "row 2 in attempt 1",
            "row 3 in attempt 1",
            "row 4 in attempt 2",
            "row 5 in attempt 2");
  }

  @Test
  void an_effect_and_its_completion_are_one_transaction() throws Exception {
    assertThat(ExactlyOnce.deposit(file)).isEqualTo(500);
  }

  @Test
  void an_old_payload_under_an_old_name_is_upcast() throws Exception {
    assertThat(Versions.oldMail(file)).isEqualTo("to ada@example.org");
  }

  @Test
  void recovery_policies_are_named_by_type() {
    Recovering.start(file);

    assertThat(Path.of(file)).exists();
  }
}
