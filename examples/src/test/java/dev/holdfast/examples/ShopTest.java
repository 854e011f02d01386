package dev.holdfast.examples;

import static dev.holdfast.test.HandlerTests.crashAtEveryStep;
import static dev.holdfast.test.HandlerTests.perform;
import static dev.holdfast.test.HandlerTests.startAt;
import static dev.holdfast.test.HoldfastAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.examples.Shop.Mail;
import dev.holdfast.examples.Shop.Order;
import dev.holdfast.test.CrashReport;
import dev.holdfast.test.HoldfastExtension;
import dev.holdfast.test.Performed;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Tests of the shop, as the guide has them. */
class ShopTest {
  private static final Order ORDER = new Order("A-1", "ada", 500);

  // snippet: extension
  private final Fake outside = new Fake();

  @RegisterExtension
  final HoldfastExtension test =
      new HoldfastExtension(holdfast -> Shop.register(holdfast, outside));

  @Test
  void a_question_follows_two_weeks_after_an_order(Holdfast holdfast) {
    Shop.order(holdfast.queue(), ORDER);

    test.advance(Duration.ofDays(13));
    assertThat(outside.seen).doesNotContain("mail to ada: Were you happy?");

    test.advance(Duration.ofDays(1));
    assertThat(outside.seen).contains("mail to ada: Were you happy?");
  }

  // end

  // snippet: assertions
  @Test
  void an_order_is_charged_once(Holdfast holdfast) {
    Shop.order(holdfast.queue(), ORDER);
    Shop.order(holdfast.queue(), ORDER);

    assertThat(holdfast).enqueued("charge").withPayload(Map.of("id", "A-1")).times(1);
    assertThat(holdfast).enqueued("mail").withPayload(Map.of("to", "ada"));
    assertThat(holdfast).notEnqueued("refund");
  }

  // end

  // snippet: faults
  @Test
  void an_order_survives_a_crash(Holdfast holdfast) {
    Shop.order(holdfast.queue(), ORDER);

    test.crash();
    test.runUntilIdle();

    assertThat(test.holdfast()).enqueued("charge").inState(JobState.COMPLETED);
  }

  @Test
  void a_mail_server_that_is_down_is_asked_again() {
    outside.mailFailures = 2;
    test.holdfast().enqueue(NewJob.of("mail", new Mail("ada", "Hello!")));

    test.advance(Duration.ofHours(2));

    assertThat(outside.seen).containsExactly("mail to ada: Hello!");
  }

  // end

  // snippet: runs
  @Test
  void a_refused_connection_is_tried_again(Holdfast holdfast) {
    test.onNextRuns("mail", 2).failBefore(new ConnectException("refused"));
    holdfast.enqueue(NewJob.of("mail", new Mail("ada", "Hello!")));

    test.advance(Duration.ofHours(2));

    assertThat(outside.seen).containsExactly("mail to ada: Hello!");
  }

  @Test
  void a_crash_at_the_end_thanks_twice_and_charges_once(Holdfast holdfast) {
    test.onRun("charge", 1).crashAfter();
    Shop.order(holdfast.queue(), ORDER);

    test.runUntilIdle();

    assertThat(outside.seen)
        .containsExactly("charge A-1", "mail to ada: Thank you!", "mail to ada: Thank you!");
  }

  // end

  // snippet: perform
  @Test
  void a_charge_says_how_much() {
    Performed performed = perform((order, job) -> Shop.charge(order, job, outside), ORDER);

    assertThat(performed.job().result(String.class)).contains("charged 500");
    assertThat(performed.checkpoints()).containsEntry("charged", "true");
  }

  // end

  // snippet: startAt
  @Test
  void a_customer_learns_the_number_of_the_parcel() {
    Performed performed =
        startAt("tell")
            .step("charge")
            .signal("parcel", "P-7")
            .perform((order, job) -> Shop.deliver(order, job, outside), ORDER);

    assertThat(outside.seen).containsExactly("mail to ada: It is parcel P-7");
    assertThat(performed.job().state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void a_customer_whose_parcel_does_not_leave_is_told() {
    startAt("tell")
        .step("charge")
        .noSignal("parcel")
        .perform((order, job) -> Shop.deliver(order, job, outside), ORDER);

    assertThat(outside.seen).containsExactly("mail to ada: It will take longer");
  }

  // end

  // snippet: crash
  @Test
  void no_crash_charges_twice() {
    Set<String> charges = new LinkedHashSet<>(); // the bank knows keys: the same one counts once
    Fake bank =
        new Fake() {
          @Override
          public void charge(String order, int cents, String key) {
            charges.add(key);
          }
        };

    CrashReport report =
        crashAtEveryStep((order, job) -> Shop.charge(order, job, bank), ORDER, charges);

    assertThat(report.doubled()).isEmpty();
    assertThat(report.missing()).isEmpty();
  }

  @Test
  void a_crash_may_thank_twice() {
    CrashReport report =
        crashAtEveryStep((order, job) -> Shop.charge(order, job, outside), ORDER, outside.seen);

    assertThat(report.toString().lines())
        .containsExactly(
            "before checkpoint 'charged': COMPLETED, doubled [charge A-1]",
            "after checkpoint 'charged': COMPLETED",
            "at the end, before it was stored: COMPLETED, doubled [mail to ada: Thank you!]");
  }

  // end

  /** A bank and a mail server that remember what was asked of them. */
  private static class Fake implements Shop.Outside {
    private final List<String> seen = new ArrayList<>();
    private int mailFailures;

    @Override
    public void charge(String order, int cents, String key) {
      seen.add("charge " + order);
    }

    @Override
    public void mail(String to, String text) {
      if (mailFailures-- > 0) {
        throw new IllegalStateException("the mail server is down");
      }
      seen.add("mail to " + to + ": " + text);
    }
  }
}
