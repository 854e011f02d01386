package dev.holdfast.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NodeId;
import dev.holdfast.PageRequest;
import dev.holdfast.QueueStatus;
import dev.holdfast.Waits;
import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Transition;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.server.Alert;
import dev.holdfast.spi.server.AlertRule;
import dev.holdfast.spi.server.AlertRule.Kind;
import dev.holdfast.spi.server.Happening;
import dev.holdfast.spi.server.Webhook;
import dev.holdfast.spi.server.Webhook.OldSecret;
import dev.holdfast.spi.server.WebhookDelivery;
import dev.holdfast.spi.server.WebhookEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A chapter of {@link JobStoreContract}: webhooks and alerts. */
abstract class StoreContractOfWebhooks extends StoreFixture {
  private static final Set<WebhookEvent> ALL = EnumSet.allOf(WebhookEvent.class);

  private static Webhook webhook(String id, Set<WebhookEvent> events) {
    return new Webhook(
        id,
        "https://example.com/" + id,
        "whsec_c2VjcmV0",
        Optional.empty(),
        events,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        true,
        "ada");
  }

  private List<WebhookDelivery> told(String webhook) {
    return store.server().webhooks().deliveries(webhook, Optional.empty(), 100);
  }

  private List<String> words(String webhook) {
    return told(webhook).stream().map(delivery -> delivery.event().word()).toList();
  }

  private static JobDraft delivering() {
    return new JobDraft(
        new JobId(UUID.randomUUID()),
        "holdfast.webhooks",
        "holdfast.webhook",
        "{}",
        1,
        0,
        Optional.empty(),
        Optional.empty(),
        3,
        Optional.empty(),
        Optional.empty(),
        Duration.ZERO,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Waits.none());
  }

  @Nested
  @Tag("R-45")
  class A_webhook {
    @Test
    void has_its_old_secret_next_to_a_new_one_for_a_while() {
      Webhook first = webhook("a", Set.of(WebhookEvent.JOB_FAILED));
      store.server().webhooks().put(first);
      Instant until = time.now().plus(SECOND);

      Webhook rotated = store.server().webhooks().rotate("a", "whsec_bmV3", SECOND).orElseThrow();

      OldSecret old = new OldSecret(first.secret(), until);
      assertThat(rotated).isEqualTo(first.withSecrets("whsec_bmV3", Optional.of(old)));
      assertThat(rotated.toString() + old).doesNotContain("whsec");
      assertThat(other().server().webhooks().find("a")).contains(rotated);
      assertThat(rotated.secretsAt(until.minusMillis(1)))
          .containsExactly("whsec_bmV3", first.secret());
      assertThat(rotated.secretsAt(until)).containsExactly("whsec_bmV3");
      store.server().webhooks().put(first);
      assertThat(store.server().webhooks().find("a")).contains(rotated);
      assertThat(store.server().webhooks().forget(SECOND, 10)).isZero();
      assertThat(store.server().webhooks().find("a")).contains(rotated);

      time.advance(SECOND);
      assertThat(store.server().webhooks().forget(SECOND, 10)).isZero();
      assertThat(store.server().webhooks().find("a"))
          .contains(first.withSecrets("whsec_bmV3", Optional.empty()));
      assertThat(store.server().webhooks().rotate("none", "whsec_bmV3", SECOND)).isEmpty();
    }

    @Test
    void is_kept_as_it_was_written_last() {
      Webhook first = webhook("a", Set.of(WebhookEvent.JOB_FAILED, WebhookEvent.NODE_LOST));
      Webhook second =
          new Webhook(
              "a",
              "https://example.org",
              first.secret(),
              Optional.empty(),
              ALL,
              Optional.of("q"),
              Optional.of("t"),
              Optional.of("g"),
              false,
              "ada");
      store.server().webhooks().put(first);
      assertThat(other().server().webhooks().find("a")).contains(first);

      store.server().webhooks().put(second);
      assertThat(store.server().webhooks().list()).containsExactly(second);
      assertThat(second.toString()).doesNotContain("whsec");
      assertThat(store.server().webhooks().remove("a")).isTrue();
      assertThat(store.server().webhooks().remove("a")).isFalse();
      assertThat(store.server().webhooks().find("a")).isEmpty();
    }

    @Test
    void receives_every_end_once() {
      NodeId node = register("a");
      store.server().webhooks().put(webhook("w", ALL));
      JobId done = enqueue(mail().group("g"));
      acknowledge(claimOne(node), complete());
      enqueue(mail());
      acknowledge(claimOne(node), new Transition.Fail(BOOM));
      enqueue(mail());
      acknowledge(claimOne(node), new Transition.Hold("review"));
      JobId cancelled = enqueue(mail());
      store.cancel(List.of(cancelled), "ops");

      assertThat(words("w"))
          .containsExactly("job.cancelled", "job.interrupted", "job.failed", "job.completed");
      WebhookDelivery completed = told("w").get(3);
      assertThat(completed.at()).isEqualTo(time.now());
      assertThat(completed.subject()).isEqualTo(done + ":1");
      assertThat(completed.job()).isEmpty();
      assertThat(json(completed))
          .isEqualTo(
              new JacksonCodec()
                  .decode(
                      """
                      {"job": {"id": "%s", "queue": "default", "type": "mail", "group": "g",
                       "state": "COMPLETED", "attempt": 1, "max_attempts": 4, "token": 1,
                       "failure": null}}
                      """
                          .formatted(done),
                      Map.class));
      assertThat(told("w").get(2).data()).contains("boom");
      assertThat(told("w").get(1).data()).doesNotContain("boom");
    }

    private Map<?, ?> json(WebhookDelivery delivery) {
      return new JacksonCodec().decode(delivery.data(), Map.class);
    }

    @Test
    void is_notified_again_when_a_job_ends_again() {
      NodeId node = register("a");
      store.server().webhooks().put(webhook("w", ALL));
      JobId id = enqueue(mail());
      acknowledge(claimOne(node), new Transition.Fail(BOOM));
      store.retry(List.of(id), "ops");
      acknowledge(claimOne(node), new Transition.Fail(BOOM));
      store.retry(List.of(id), "ops");
      acknowledge(claimOne(node), complete());

      assertThat(words("w")).containsExactly("job.completed", "job.failed", "job.failed");
    }

    @Test
    void receives_many_ends_of_one_transaction() {
      NodeId node = register("a");
      store.server().webhooks().put(webhook("w", ALL));
      for (int i = 0; i < 40; i++) {
        enqueue(mail());
      }
      List<Claimed> claimed = claim(node, 40);
      claimed.forEach(one -> acknowledge(one, complete()));

      assertThat(words("w")).hasSize(40).containsOnly("job.completed");
    }

    @Test
    void receives_those_that_are_cancelled_with_another_one() {
      store.server().webhooks().put(webhook("w", Set.of(WebhookEvent.JOB_CANCELLED)));
      JobId first = enqueue(mail());
      enqueue(mail().after(first));
      store.cancel(List.of(first), "ops");

      assertThat(words("w")).containsExactly("job.cancelled", "job.cancelled");
    }

    @Test
    void receives_what_it_subscribed_to_and_nothing_else() {
      NodeId node = register("a");
      store.server().webhooks().put(webhook("failures", Set.of(WebhookEvent.JOB_FAILED)));
      Webhook off = webhook("off", ALL);
      store
          .server()
          .webhooks()
          .put(
              new Webhook(
                  "off",
                  off.url(),
                  off.secret(),
                  Optional.empty(),
                  ALL,
                  off.queue(),
                  off.type(),
                  off.group(),
                  false,
                  "ada"));
      store.server().webhooks().put(filtered("queue", Optional.of("letters"), Optional.empty()));
      store.server().webhooks().put(filtered("group", Optional.empty(), Optional.of("g")));
      enqueue(mail());
      enqueue(mail().on("letters"));
      enqueue(mail().group("g"));
      enqueue(mail().group("h"));
      claim(node, 4).forEach(one -> acknowledge(one, complete()));

      assertThat(told("failures")).isEmpty();
      assertThat(told("off")).isEmpty();
      assertThat(told("queue"))
          .singleElement()
          .extracting(this::data)
          .asString()
          .contains("letters");
      assertThat(told("group")).singleElement().extracting(this::data).asString().contains("\"g\"");
    }

    private String data(WebhookDelivery delivery) {
      return delivery.data();
    }

    private Webhook filtered(String id, Optional<String> queue, Optional<String> group) {
      return new Webhook(
          id,
          "https://example.com",
          "whsec_c2VjcmV0",
          Optional.empty(),
          ALL,
          queue,
          Optional.of("mail"),
          group,
          true,
          "ada");
    }

    @Test
    void receives_nothing_that_ended_before_it_or_after_it() {
      NodeId node = register("a");
      enqueue(mail());
      acknowledge(claimOne(node), complete());
      store.server().webhooks().put(webhook("w", ALL));
      assertThat(told("w")).isEmpty();

      store.server().webhooks().remove("w");
      enqueue(mail());
      acknowledge(claimOne(node), complete());
      store.server().webhooks().put(webhook("w", ALL));
      enqueue(mail());
      acknowledge(claimOne(node), complete());

      assertThat(words("w")).containsExactly("job.completed");
    }

    @Test
    void is_not_notified_of_its_own_deliveries() {
      store.server().webhooks().put(webhook("w", ALL));
      JobDraft own = delivering();
      store.enqueue(List.of(own));
      store.cancel(List.of(own.id()), "ops");

      assertThat(told("w")).isEmpty();
    }

    @Test
    void is_notified_of_a_node_that_was_lost_and_not_of_one_that_ended() {
      NodeId lost = register("a");
      NodeId ended = register("b");
      store.server().webhooks().put(webhook("w", Set.of(WebhookEvent.NODE_LOST)));
      store.nodes().deregister(ended);
      store.recovery().deregister(Death.proven(lost, "its lock is free"));
      store.recovery().deregister(Death.proven(lost, "its lock is free"));

      assertThat(words("w")).containsExactly("node.lost");
      assertThat(told("w").get(0).data()).contains(lost.toString(), "its lock is free");
    }

    @Test
    void receives_events_of_a_job_by_its_filters() {
      JobId id = enqueue(mail().on("letters"));
      Happening stuck =
          new Happening(WebhookEvent.JOB_STUCK, id + ":1", "{\"a\": 1}", Optional.of(id));
      store.server().webhooks().put(webhook("all", ALL));
      store.server().webhooks().put(filtered("letters", Optional.of("letters"), Optional.empty()));
      store.server().webhooks().put(filtered("others", Optional.of("others"), Optional.empty()));
      store.server().webhooks().tell(List.of(stuck));
      other().server().webhooks().tell(List.of(stuck));

      assertThat(words("all")).containsExactly("job.stuck");
      assertThat(words("letters")).containsExactly("job.stuck");
      assertThat(told("others")).isEmpty();
    }

    @Test
    void receives_a_test_that_it_did_not_subscribe_to() {
      store.server().webhooks().put(webhook("w", Set.of(WebhookEvent.JOB_FAILED)));
      Happening test = Happening.of(WebhookEvent.TEST, "1", "{}");

      assertThat(store.server().webhooks().tell("w", test)).isPresent();
      assertThat(store.server().webhooks().tell("w", test)).isEmpty();
      assertThat(store.server().webhooks().tell("none", test)).isEmpty();
      assertThat(words("w")).containsExactly("webhook.test");
    }
  }

  @Nested
  @Tag("R-45")
  class A_delivery {
    private long number;

    @BeforeEach
    void tellSomething() {
      store.server().webhooks().put(webhook("w", ALL));
      number =
          store
              .server()
              .webhooks()
              .tell("w", Happening.of(WebhookEvent.TEST, "1", "{}"))
              .orElseThrow()
              .number();
    }

    private WebhookDelivery found() {
      return store.server().webhooks().delivery(number).orElseThrow();
    }

    @Test
    void waits_until_one_job_is_enqueued_that_delivers_it() {
      JobDraft first = delivering();
      JobDraft second = delivering();
      assertThat(other().server().webhooks().waiting(10)).containsExactly(found());
      assertThat(found().isUnderWay()).isTrue();

      assertThat(store.server().webhooks().enqueue(number, first)).isTrue();
      assertThat(other().server().webhooks().enqueue(number, second)).isFalse();

      assertThat(store.server().webhooks().waiting(10)).isEmpty();
      assertThat(found().job()).contains(first.id());
      assertThat(found().state()).contains(JobState.PENDING);
      assertThat(store.find(second.id())).isEmpty();
      assertThat(store.list(JobFilter.all(), PageRequest.first(10))).hasSize(1);
    }

    @Test
    void can_be_given_another_job_once() {
      JobDraft first = delivering();
      store.server().webhooks().enqueue(number, first);
      store.cancel(List.of(first.id()), "ops");
      assertThat(found().isUnderWay()).isFalse();

      JobDraft again = delivering();
      assertThat(store.server().webhooks().enqueueAgain(number, first.id(), again)).isTrue();
      assertThat(store.server().webhooks().enqueueAgain(number, first.id(), delivering()))
          .isFalse();
      assertThat(found().job()).contains(again.id());
    }

    @Test
    void is_listed_page_by_page() {
      long second =
          store
              .server()
              .webhooks()
              .tell("w", Happening.of(WebhookEvent.TEST, "2", "{}"))
              .orElseThrow()
              .number();

      assertThat(told("w")).extracting(WebhookDelivery::number).containsExactly(second, number);
      assertThat(store.server().webhooks().deliveries("w", Optional.empty(), 1))
          .extracting(WebhookDelivery::number)
          .containsExactly(second);
      assertThat(store.server().webhooks().deliveries("w", Optional.of(second), 10))
          .extracting(WebhookDelivery::number)
          .containsExactly(number);
      assertThat(store.server().webhooks().deliveries("other", Optional.empty(), 10)).isEmpty();
    }

    @Test
    void is_forgotten_when_it_is_old_and_its_job_has_ended() {
      time.advance(Duration.ofDays(8));
      assertThat(store.server().webhooks().forget(Duration.ofDays(7), 10))
          .as("no job yet")
          .isZero();
      JobDraft job = delivering();
      store.server().webhooks().enqueue(number, job);
      assertThat(store.server().webhooks().forget(Duration.ofDays(7), 10)).as("under way").isZero();
      store.cancel(List.of(job.id()), "ops");
      assertThat(store.server().webhooks().forget(Duration.ofDays(9), 10)).as("too young").isZero();
      assertThat(store.server().webhooks().forget(Duration.ofDays(7), 10)).isOne();
      assertThat(store.server().webhooks().delivery(number)).isEmpty();
    }

    @Test
    void is_forgotten_though_older_ones_must_stay() {
      for (int i = 0; i < 5; i++) {
        store
            .server()
            .webhooks()
            .tell("w", Happening.of(WebhookEvent.TEST, "must stay " + i, "{}"));
      }
      long ended =
          store
              .server()
              .webhooks()
              .tell("w", Happening.of(WebhookEvent.TEST, "has ended", "{}"))
              .orElseThrow()
              .number();
      JobDraft job = delivering();
      store.server().webhooks().enqueue(ended, job);
      store.cancel(List.of(job.id()), "ops");
      time.advance(Duration.ofDays(8));

      assertThat(store.server().webhooks().forget(Duration.ofDays(7), 3)).isOne();
      assertThat(store.server().webhooks().delivery(ended)).isEmpty();
    }

    @Test
    void goes_with_its_webhook() {
      store.server().webhooks().remove("w");

      assertThat(store.server().webhooks().delivery(number)).isEmpty();
      assertThat(store.server().webhooks().waiting(10)).isEmpty();
      assertThat(store.server().webhooks().enqueue(number, delivering())).isFalse();
    }

    @Test
    void never_has_the_number_of_another_one() {
      store.server().webhooks().remove("w");
      store.server().webhooks().put(webhook("w", ALL));

      assertThat(store.server().webhooks().tell("w", Happening.of(WebhookEvent.TEST, "1", "{}")))
          .map(WebhookDelivery::number)
          .hasValueSatisfying(next -> assertThat(next).isGreaterThan(number));
    }
  }

  @Nested
  @Tag("R-45")
  class An_alert {
    private static final Duration TURN = Duration.ofSeconds(15);

    @BeforeEach
    void listen() {
      store.server().webhooks().put(webhook("w", ALL));
    }

    private AlertRule rule(Kind kind, Duration over, long threshold, long atLeast) {
      return new AlertRule(
          "a", kind, Optional.of("default"), Optional.of(TYPE), over, threshold, atLeast);
    }

    private List<Alert> watch() {
      time.advance(TURN);
      return store.server().alerts().watch(TURN);
    }

    private Alert only() {
      return other().server().alerts().list().get(0);
    }

    @Test
    void of_waiting_jobs_is_raised_once_and_cleared_once() {
      store.server().alerts().put(rule(Kind.QUEUE_AGE, Duration.ofMinutes(1), 2, 1), "ada");
      JobId first = enqueue(mail());
      enqueue(mail().on("letters"));
      JobId second = enqueue(mail());
      assertThat(watch()).isEmpty();
      assertThat(only().value()).contains(0L);
      time.advance(Duration.ofMinutes(1));

      assertThat(watch()).singleElement().isEqualTo(only());
      assertThat(only().value()).contains(2L);
      assertThat(only().raisedAt()).contains(time.now());
      assertThat(only().createdBy()).isEqualTo("ada");
      assertThat(store.insights().status().raised())
          .containsExactly(new QueueStatus.Raised("a", time.now(), Optional.of(2L)));
      assertThat(store.insights().status().problems())
          .anySatisfy(problem -> assertThat(problem.toString()).contains("alert-raised"));
      assertThat(watch()).isEmpty();
      store.cancel(List.of(first), "ops");
      assertThat(watch()).hasSize(1);
      assertThat(only().raisedAt()).isEmpty();
      assertThat(store.insights().status().raised()).isEmpty();
      store.cancel(List.of(second), "ops");
      assertThat(watch()).isEmpty();

      assertThat(words("w"))
          .containsExactly("job.cancelled", "alert.cleared", "job.cancelled", "alert.raised");
      assertThat(told("w").get(3).data()).contains("\"a\"", "QUEUE_AGE", "default");
    }

    @Test
    void is_measured_by_one_of_many_that_look() {
      store.server().alerts().put(rule(Kind.QUEUE_AGE, SECOND, 1, 1), "ada");
      enqueue(mail());
      time.advance(Duration.ofMinutes(1));

      assertThat(store.server().alerts().watch(TURN)).hasSize(1);
      time.advance(SECOND);
      store.cancel(List.of(firstJob()), "ops");
      assertThat(other().server().alerts().watch(TURN)).as("measured a second ago").isEmpty();
      assertThat(only().checkedAt()).contains(time.now().minus(SECOND));
    }

    private JobId firstJob() {
      return store.list(JobFilter.all(), PageRequest.first(1)).get(0).id();
    }

    @Test
    void of_stuck_jobs_counts_attempts_that_run_for_long() {
      store.server().alerts().put(rule(Kind.STUCK, Duration.ofMinutes(1), 1, 1), "ada");
      NodeId node = register("a");
      enqueue(mail());
      Claimed running = claimOne(node);
      assertThat(watch()).isEmpty();
      time.advance(Duration.ofMinutes(1));
      assertThat(watch()).hasSize(1);
      acknowledge(running, complete());
      assertThat(watch()).hasSize(1);
      assertThat(only().raisedAt()).isEmpty();
    }

    @Test
    void of_failures_is_silent_until_enough_has_ended() {
      store.server().alerts().put(rule(Kind.FAILURE_RATE, Duration.ofMinutes(5), 50, 4), "ada");
      NodeId node = register("a");
      end(node, new Transition.Fail(BOOM));
      end(node, new Transition.Fail(BOOM));
      end(node, complete());
      assertThat(watch()).isEmpty();
      assertThat(only().value()).isEmpty();

      end(node, complete());
      assertThat(watch()).hasSize(1);
      assertThat(only().value()).contains(50L);
      end(node, complete());
      assertThat(watch()).hasSize(1);
      assertThat(only().value()).contains(40L);
      time.advance(Duration.ofMinutes(10));
      assertThat(watch()).isEmpty();
      assertThat(only().value()).as("what ended was enqueued too long ago").isEmpty();
    }

    private void end(NodeId node, Transition how) {
      enqueue(mail());
      acknowledge(claimOne(node), how);
    }

    @Test
    void starts_over_when_its_rule_is_written_again() {
      store.server().alerts().put(rule(Kind.QUEUE_AGE, SECOND, 1, 1), "ada");
      enqueue(mail());
      watch();
      assertThat(only().raisedAt()).isPresent();
      store.server().alerts().put(rule(Kind.QUEUE_AGE, SECOND, 5, 1), "bob");

      assertThat(only().raisedAt()).isEmpty();
      assertThat(store.server().alerts().remove("a")).isTrue();
      assertThat(store.server().alerts().remove("a")).isFalse();
      assertThat(store.server().alerts().list()).isEmpty();
    }
  }
}
