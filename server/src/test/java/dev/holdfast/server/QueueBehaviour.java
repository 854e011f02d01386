package dev.holdfast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.holdfast.ClaimOrder;
import dev.holdfast.Dependency;
import dev.holdfast.Enqueued;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.JobUpdate;
import dev.holdfast.LogFilter;
import dev.holdfast.MonitorConfig;
import dev.holdfast.NewJob;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.OnPredecessorFailure;
import dev.holdfast.OnSignalTimeout;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueSettings.Rate;
import dev.holdfast.QueueSummary;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.Retention;
import dev.holdfast.RunNext;
import dev.holdfast.Schedule;
import dev.holdfast.ScheduleFire;
import dev.holdfast.Schedules.Declared;
import dev.holdfast.check.Limits;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.error.NotRetryableException;
import dev.holdfast.search.FieldMatch;
import dev.holdfast.search.JobOrder;
import dev.holdfast.search.Range;
import dev.holdfast.search.Scope;
import dev.holdfast.search.TimeRange;
import dev.holdfast.step.Step;
import dev.holdfast.timetable.MissedFires;
import dev.holdfast.timetable.Overlap;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.event.Level;

/**
 * The behaviour of every {@link JobQueue}, whether embedded or behind a server. Its results are
 * compared with those of the embedded queue.
 */
abstract class QueueBehaviour {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path folder;
  private ServedQueue served;
  private Holdfast holdfast;
  private JobQueue queue;

  /** Returns the queue under test. */
  abstract JobQueue queue(ServedQueue served);

  @BeforeEach
  void open() {
    served = new ServedQueue(folder);
    holdfast = served.holdfast;
    queue = queue(served);
  }

  @AfterEach
  void close() {
    served.close();
  }

  private JobId enqueued(NewJob job) {
    return queue.enqueue(job).id();
  }

  private static List<JobId> ids(List<Job> jobs) {
    return jobs.stream().map(Job::id).toList();
  }

  @Nested
  class Enqueuing {
    @Test
    void keeps_all_fields_of_a_job() {
      Instant tomorrow = Instant.parse("2126-01-31T10:00:00.123456Z");
      JobId id =
          enqueued(
              NewJob.of("mail", Map.of("to", "ada", "n", 1.5))
                  .version(3)
                  .on("a/b c")
                  .priority(-7)
                  .at(tomorrow)
                  .maxAttempts(2)
                  .timeout(Duration.ofMillis(90_500))
                  .unique("k ä")
                  .keepKey(Duration.ofHours(30))
                  .group("g")
                  .tags("x", "y")
                  .metadata(Map.of("trace", List.of(1, 2)))
                  .requires(Map.of("memory", Map.of(">=", 16)))
                  .createdBy("ada"));

      Job job = holdfast.find(id).orElseThrow();
      assertThat(job.type()).isEqualTo("mail");
      assertThat(job.payload()).contains("\"to\":\"ada\"", "\"n\":1.5");
      assertThat(job.payloadVersion()).isEqualTo(3);
      assertThat(job.queue()).isEqualTo("a/b c");
      assertThat(job.priority()).isEqualTo(-7);
      assertThat(job.runAt()).isEqualTo(tomorrow);
      assertThat(job.maxAttempts()).isEqualTo(2);
      assertThat(job.timeout()).contains(Duration.ofMillis(90_500));
      assertThat(job.key()).contains("k ä");
      assertThat(job.group()).contains("g");
      assertThat(job.tags()).containsExactly("x", "y");
      assertThat(job.metadata()).contains("{\"trace\":[1,2]}");
      assertThat(job.requires()).contains("{\"memory\":{\">=\":16}}");
      assertThat(job.createdBy()).contains("ada");
      assertThat(queue.find(id)).contains(job);
    }

    @Test
    void returns_ascending_ids_in_the_order_of_the_jobs() {
      List<Enqueued> answers =
          queue.enqueue(List.of(NewJob.of("a", 1), NewJob.of("b", null), NewJob.of("c", "x")));

      assertThat(answers).noneMatch(Enqueued::duplicate);
      assertThat(answers).extracting(Enqueued::id).isSorted();
      assertThat(answers)
          .extracting(answer -> holdfast.find(answer.id()).orElseThrow().type())
          .containsExactly("a", "b", "c");
      assertThat(queue.enqueue(List.of())).isEmpty();
    }

    @Test
    void with_a_known_key_answers_the_first_job() {
      JobId first = enqueued(NewJob.of("a", 1).unique("k").group("g"));

      assertThat(queue.enqueue(NewJob.of("a", 2).unique("k").group("g")))
          .isEqualTo(new Enqueued(first, true));
      assertThat(queue.findByKey("a", "k", "g")).contains(first);
      assertThat(queue.findByKey("a", "k", null)).isEmpty();
    }

    @Test
    void with_an_id_twice_makes_one_job() {
      JobId id = queue.newId();

      assertThat(enqueued(NewJob.of("a", 1).withId(id))).isEqualTo(id);
      assertThat(enqueued(NewJob.of("a", 1).withId(id))).isEqualTo(id);
      assertThat(holdfast.queue().list(JobFilter.all(), PageRequest.first(10)).items()).hasSize(1);
    }

    @Test
    void is_all_or_none() {
      List<NewJob> jobs = List.of(NewJob.of("a", 1), NewJob.of("b", 1).after(queue.newId()));

      assertThatThrownBy(() -> queue.enqueue(jobs))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("does not exist");
      assertThat(holdfast.queue().list(JobFilter.all(), PageRequest.first(10)).items()).isEmpty();
    }

    @Test
    void refuses_what_is_over_a_limit() {
      List<Object> endless = new ArrayList<>();
      endless.add(endless);
      String large = "x".repeat(Limits.PAYLOAD_BYTES_MAX);

      assertThatThrownBy(() -> queue.enqueue(NewJob.of("a", large)))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("1,048,578 bytes");
      assertThatThrownBy(() -> queue.enqueue(NewJob.of("a", endless)))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("cannot be written as JSON");
    }
  }

  @Nested
  class Jobs_that_wait {
    @Test
    void name_their_predecessors_each_with_its_rule() {
      JobId first = enqueued(NewJob.of("first", 1));
      JobId second = enqueued(NewJob.of("second", 1));
      JobId third = enqueued(NewJob.of("third", 1));
      JobId waiting =
          enqueued(
              NewJob.of("waits", 1)
                  .after(
                      List.of(
                          new Dependency(third, OnPredecessorFailure.RUN),
                          new Dependency(first, OnPredecessorFailure.CANCEL),
                          new Dependency(second, OnPredecessorFailure.RUN)))
                  .untilSignal("go", Duration.ofHours(1), OnSignalTimeout.RUN));

      assertThat(queue.predecessors(waiting, 0, 10))
          .isEqualTo(holdfast.queue().predecessors(waiting, 0, 10))
          .extracting(one -> one.ifFailed())
          .containsExactly(
              OnPredecessorFailure.RUN, OnPredecessorFailure.CANCEL, OnPredecessorFailure.RUN);
      assertThat(queue.predecessors(waiting, 2, 1))
          .extracting(one -> one.id())
          .containsExactly(second);
      assertThat(queue.dependents(first, PageRequest.first(1)))
          .isEqualTo(holdfast.queue().dependents(first, PageRequest.first(1)));
      assertThat(queue.explain(waiting)).isEqualTo(holdfast.queue().explain(waiting));
      assertThat(queue.predecessors(queue.newId(), 0, 10)).isEmpty();
      assertThat(queue.dependents(queue.newId(), PageRequest.first(1)).items()).isEmpty();
    }

    @Test
    void take_a_signal_once() {
      JobId id = enqueued(NewJob.of("a", 1).untilSignal("go", Duration.ofHours(1)));

      assertThat(queue.signal(id, "go", Map.of("ok", true), "ada")).isTrue();
      assertThat(queue.signal(id, "go", null, "ada")).isFalse();
      assertThat(holdfast.find(id).orElseThrow().state()).isEqualTo(JobState.PENDING);

      queue.cancel(List.of(id), "ada");
      assertThatThrownBy(() -> queue.signal(id, "other", null, "ada"))
          .isInstanceOf(ConflictException.class);
      assertThatThrownBy(() -> queue.signal(queue.newId(), "go", null, "ada"))
          .isInstanceOf(NotFoundException.class);
    }
  }

  @Nested
  class A_list {
    @Test
    void comes_in_pages_newest_first() {
      List<JobId> ids = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        ids.add(0, enqueued(NewJob.of("t" + i % 2, i)));
      }

      Page<Job> first = queue.list(JobFilter.all(), PageRequest.first(2));
      Page<Job> second =
          queue.list(JobFilter.all(), PageRequest.first(2).after(first.next().orElseThrow()));
      Page<Job> last =
          queue.list(JobFilter.all(), PageRequest.first(2).after(second.next().orElseThrow()));

      assertThat(ids(first.items())).isEqualTo(ids.subList(0, 2));
      assertThat(ids(second.items())).isEqualTo(ids.subList(2, 4));
      assertThat(ids(last.items())).isEqualTo(ids.subList(4, 5));
      assertThat(last.next()).isEmpty();
    }

    @Test
    void matches_the_filter() {
      JobId wanted = enqueued(NewJob.of("a b", 1).on("q&x=1").group("grüße"));
      enqueued(NewJob.of("a b", 1).on("q&x=1").group("g"));
      JobId cancelled = enqueued(NewJob.of("a b", 1).on("q&x=1").group("grüße"));
      queue.cancel(List.of(cancelled), "ada");

      JobFilter filter = JobFilter.in(JobState.PENDING, JobState.RUNNING);
      filter = filter.queue("q&x=1").type("a b").group("grüße");
      assertThat(ids(queue.list(filter, PageRequest.first(10)).items())).containsExactly(wanted);
    }

    @Test
    void has_the_same_jobs_here_and_there_whatever_the_conditions() {
      JobId wanted =
          enqueued(
              NewJob.of("t", Map.of("to", Map.of("id", 7, "name", "Ä=b&c")))
                  .on("q, 1")
                  .group("g1")
                  .tags("x,y", "z")
                  .metadata(Map.of("region", "eu"))
                  .unique("key 1")
                  .createdBy("ada")
                  .priority(-3));
      enqueued(NewJob.of("u", 1).on("q").group("g2"));
      enqueued(NewJob.of("u", 1).in(Duration.ofHours(1)));
      queue.cancel(List.of(wanted), "ops");
      TimeRange lastHour = TimeRange.any().since(Duration.ofHours(1));
      Range<Integer> none = Range.atMost(0);
      List<JobFilter> filters =
          List.of(
              JobFilter.all().queues(Set.of("q, 1", "none")),
              JobFilter.all().notQueues(Set.of("q", "default")),
              JobFilter.all().notTypes(Set.of("u")),
              JobFilter.all().groups(Set.of("g1", "g3")),
              JobFilter.all().within(Scope.of(Set.of("g1", "g3"))),
              JobFilter.all().allTags(List.of("z", "x,y")),
              JobFilter.all().anyTags(List.of("none", "x,y")),
              JobFilter.all().key("key 1"),
              JobFilter.all().createdBy("ada"),
              JobFilter.all().priority(Range.between(-5, -1)).attempts(none).crashes(none),
              JobFilter.in(JobState.CANCELLED).created(lastHour).runAt(lastHour),
              JobFilter.all().finished(lastHour).sortedBy(JobOrder.FINISHED),
              JobFilter.all().field(FieldMatch.parse("payload.to.id=7.0")),
              JobFilter.all().field(FieldMatch.parse("payload.to.name=Ä=b&c")),
              JobFilter.all()
                  .field(FieldMatch.parse("metadata.region=eu"))
                  .field(FieldMatch.parse("payload.to.id=7")));

      for (JobFilter filter : filters) {
        assertThat(ids(queue.list(filter, PageRequest.first(10)).items()))
            .as(filter.toString())
            .containsExactly(wanted);
      }
      assertThat(queue.list(JobFilter.all().node(new NodeId(new UUID(1, 1))), PageRequest.first(1)))
          .isEqualTo(new Page<Job>(List.of(), Optional.empty(), 3, true));
      assertThat(queue.list(JobFilter.all().started(lastHour), PageRequest.first(1)).items())
          .isEmpty();
      JobFilter nowhere = JobFilter.all().group("g1").within(Scope.of(Set.of("g2")));
      assertThat(queue.list(nowhere, PageRequest.first(1)).items()).isEmpty();
    }

    @Test
    void sorted_by_a_time_comes_in_pages_too() {
      List<JobId> ids = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        ids.add(enqueued(NewJob.of("t", i).in(Duration.ofHours(5 + i))));
      }

      JobFilter due = JobFilter.in(JobState.SCHEDULED).sortedBy(JobOrder.RUN_AT);
      Page<Job> first = queue.list(due, PageRequest.first(3));
      Page<Job> last = queue.list(due, PageRequest.first(3).after(first.next().orElseThrow()));

      assertThat(ids(first.items())).isEqualTo(ids.subList(0, 3));
      assertThat(ids(last.items())).isEqualTo(ids.subList(3, 5));
    }

    @Test
    void of_named_jobs_has_the_existing_ones_of_any_number() {
      List<NewJob> jobs = new ArrayList<>();
      for (int i = 0; i < 250; i++) {
        jobs.add(NewJob.of("t", i));
      }
      List<JobId> ids = new ArrayList<>();
      queue.enqueue(jobs).forEach(answer -> ids.add(0, answer.id()));
      List<JobId> asked = new ArrayList<>(ids);
      asked.add(queue.newId());

      PageRequest page = PageRequest.first(200);
      Page<Job> first = queue.list(JobFilter.ids(asked), page);
      Page<Job> last = queue.list(JobFilter.ids(asked), page.after(first.next().orElseThrow()));

      assertThat(ids(first.items())).isEqualTo(ids.subList(0, 200));
      assertThat(ids(last.items())).isEqualTo(ids.subList(200, 250));
      assertThat(last.next()).isEmpty();
    }
  }

  @Nested
  class Steering_jobs {
    @Test
    void returns_the_result_of_each() {
      JobId pending = enqueued(NewJob.of("a", 1));
      JobId cancelled = enqueued(NewJob.of("a", 1));
      JobId none = queue.newId();
      queue.cancel(List.of(cancelled), "ada");

      assertThat(queue.cancel(List.of(none, cancelled, pending), "ada"))
          .containsExactly(
              new Changed(none, Optional.empty(), false),
              new Changed(cancelled, Optional.of(JobState.CANCELLED), false),
              new Changed(pending, Optional.of(JobState.PENDING), true));
      assertThat(queue.retry(List.of(pending), "ada"))
          .containsExactly(new Changed(pending, Optional.of(JobState.CANCELLED), true));
      assertThat(queue.resume(List.of(pending), "ada"))
          .containsExactly(new Changed(pending, Optional.of(JobState.PENDING), false));
      assertThat(queue.delete(List.of(pending, none)))
          .containsExactly(
              new Changed(pending, Optional.of(JobState.PENDING), true),
              new Changed(none, Optional.empty(), false));
      assertThat(queue.find(pending)).isEmpty();
      assertThat(queue.cancel(List.of(), "ada")).isEmpty();
    }

    @Test
    void replaces_what_has_not_started() {
      JobId id = enqueued(NewJob.of("a", 1));

      queue.replace(id, JobUpdate.of().payload(null).priority(9).in(Duration.ofHours(1)), "ada");

      Job job = holdfast.find(id).orElseThrow();
      assertThat(job.payload()).isEqualTo("null");
      assertThat(job.priority()).isEqualTo(9);
      assertThat(job.state()).isEqualTo(JobState.SCHEDULED);
      assertThatThrownBy(() -> queue.replace(id, JobUpdate.of(), "ada"))
          .isInstanceOf(InvalidRequestException.class);
      assertThatThrownBy(() -> queue.replace(queue.newId(), JobUpdate.of().priority(1), "ada"))
          .isInstanceOf(NotFoundException.class);
      queue.cancel(List.of(id), "ada");
      assertThatThrownBy(() -> queue.replace(id, JobUpdate.of().priority(1), "ada"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("CANCELLED");
    }

    @Test
    void recovers_and_removes() {
      JobId old = enqueued(NewJob.of("a", 1));
      queue.cancel(List.of(old), "ada");

      assertThat(
              queue
                  .maintenance()
                  .recoverStuck(
                      Duration.ofMinutes(1),
                      JobFilter.all().type("a"),
                      MonitorConfig.Action.FAIL,
                      10,
                      "ada"))
          .isEmpty();
      assertThat(queue.maintenance().recoverDead(RecoveryPolicy.HOLD, "ada")).isEmpty();
      assertThat(queue.maintenance().recoverDead(null, "ada")).isEmpty();
      Optional<Duration> now = Optional.of(Duration.ZERO);
      Optional<Duration> never = Optional.empty();
      Duration interval = Retention.defaults().interval();
      assertThat(
              queue.maintenance().removeOld(new Retention(now, now, never, never, never, interval)))
          .isEmpty();
      assertThat(
              queue
                  .maintenance()
                  .removeOld(new Retention(never, never, now, never, never, interval)))
          .containsExactly(old);
      assertThat(queue.maintenance().examine()).isEmpty();
    }
  }

  @Nested
  class Jobs_that_ran {
    @Test
    void are_returned_with_all_fields() throws Exception {
      holdfast.handle(
          "works",
          Integer.class,
          (number, job) -> {
            job.progress(40, "on the way");
            job.log(Level.WARN, "careful", Map.of("n", number));
            job.checkpoint("half", Map.of("n", number));
            job.step("double", Integer.class, () -> number * 2);
            job.sleep("nap", Duration.ZERO);
            return Map.of("twice", number * 2);
          });
      holdfast.handle(
          "fails",
          Integer.class,
          (number, job) -> {
            throw new NotRetryableException("no way");
          });
      holdfast.start();
      JobId works = enqueued(NewJob.of("works", 21));
      JobId fails = enqueued(NewJob.of("fails", 1));

      List<Job> ended = queue.await(List.of(fails, works, fails), SOON).get();

      assertThat(ids(ended)).containsExactly(fails, works, fails);
      assertThat(ended)
          .extracting(Job::state)
          .containsExactly(JobState.FAILED, JobState.COMPLETED, JobState.FAILED);
      assertThat(ended.get(1).result()).contains("{\"twice\":42}");
      for (JobId id : List.of(works, fails)) {
        assertThat(queue.find(id)).isEqualTo(holdfast.find(id));
        assertThat(queue.events(id)).isNotEmpty().isEqualTo(holdfast.queue().events(id));
        assertThat(queue.logs(LogFilter.of(id))).isEqualTo(holdfast.queue().logs(LogFilter.of(id)));
        assertThat(queue.checkpoints(id)).isEqualTo(holdfast.queue().checkpoints(id));
        assertThat(queue.steps(id)).isEqualTo(holdfast.queue().steps(id));
        assertThat(queue.explain(id)).isEqualTo(holdfast.queue().explain(id));
      }
      assertThat(queue.steps(works))
          .extracting(Step::name, Step::isFinished)
          .containsExactly(tuple("double", true), tuple("nap", true));
      LogFilter warnings = new LogFilter(Optional.empty(), Level.WARN, 5);
      assertThat(queue.logs(warnings)).isNotEmpty().isEqualTo(holdfast.queue().logs(warnings));
    }

    @Test
    void are_retried_from_a_step() throws Exception {
      holdfast.handle(
          "steps",
          Integer.class,
          (number, job) -> {
            job.step("first", job::id);
            job.step("second", job::id);
            throw new NotRetryableException("no way");
          });
      holdfast.start();
      JobId id = enqueued(NewJob.of("steps", 1));
      Job unused = queue.await(id, SOON).get();
      List<Step> before = queue.steps(id);

      assertThatThrownBy(() -> queue.retryFrom(id, "third", "ada"))
          .isInstanceOf(NotFoundException.class);
      assertThat(queue.retryFrom(id, "second", "ada"))
          .isEqualTo(new Changed(id, Optional.of(JobState.FAILED), true));
      assertThat(queue.retryFrom(queue.newId(), "second", "ada").before()).isEmpty();

      Job again = queue.await(id, SOON).get();
      assertThat(again.state()).isEqualTo(JobState.FAILED);
      assertThat(queue.steps(id).get(0)).isEqualTo(before.get(0));
      assertThat(queue.steps(id).get(1)).isNotEqualTo(before.get(1));
      JobId waiting = enqueued(NewJob.of("nobody", 1));
      assertThatThrownBy(() -> queue.retryFrom(waiting, "second", "ada"))
          .isInstanceOf(NotFoundException.class);
    }

    @Test
    void of_an_unknown_name_are_none() {
      JobId none = queue.newId();

      assertThat(queue.find(none)).isEmpty();
      assertThat(queue.events(none)).isEmpty();
      assertThat(queue.logs(LogFilter.of(none))).isEmpty();
      assertThat(queue.checkpoints(none)).isEmpty();
      assertThat(queue.steps(none)).isEmpty();
      assertThatThrownBy(() -> queue.explain(none)).isInstanceOf(NotFoundException.class);
    }
  }

  @Nested
  class Waiting_for_the_end {
    @Test
    void ends_when_the_time_is_over() {
      JobId id = enqueued(NewJob.of("nobody", 1));

      assertThatThrownBy(() -> queue.await(id, Duration.ofMillis(50)).get())
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(TimeoutException.class)
          .hasMessage("1 of 1 jobs had not finished after 50ms");
    }

    @Test
    void ends_when_there_is_no_such_job() {
      JobId id = enqueued(NewJob.of("nobody", 1));

      assertThatThrownBy(() -> queue.await(List.of(id, queue.newId()), SOON).get())
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(NotFoundException.class);
    }

    @Test
    void works_for_many() throws Exception {
      holdfast.handle("works", Integer.class, (number, job) -> number);
      List<NewJob> jobs = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        jobs.add(NewJob.of("works", i));
      }
      List<JobId> ids = queue.enqueue(jobs).stream().map(Enqueued::id).toList();
      var waiting = queue.await(ids, SOON);
      holdfast.start();

      assertThat(waiting.get())
          .extracting(job -> Integer.parseInt(job.result().orElseThrow()))
          .hasSize(300)
          .isSorted();
    }
  }

  @Nested
  class Queues {
    @Test
    void have_the_configured_settings() {
      QueueSettings wanted =
          QueueSettings.defaults()
              .order(ClaimOrder.FAIR)
              .concurrency(3)
              .rate(new Rate(10, Duration.ofMillis(1_500)));

      assertThat(queue.queues().settings("a/b c")).isEqualTo(QueueSettings.defaults());
      assertThat(queue.queues().configure("a/b c", now -> wanted)).isEqualTo(wanted);
      assertThat(queue.queues().settings("a/b c")).isEqualTo(wanted);
      assertThat(queue.queues().configure("a/b c", now -> now.concurrency(null)))
          .isEqualTo(wanted.concurrency(null));
      assertThatThrownBy(() -> queue.queues().settings(""))
          .isInstanceOf(InvalidRequestException.class);
    }

    @Test
    void are_paused_once() {
      queue.queues().configure("..", settings -> settings);
      assertThat(queue.queues().pause("..", "ada")).isTrue();
      assertThat(queue.queues().pause("..", "ada")).isFalse();
      assertThat(queue.queues().list()).isEqualTo(holdfast.queue().queues().list());
      assertThat(queue.queues().list().get(0).paused()).isPresent();
      assertThat(queue.queues().resume("..")).isTrue();
      assertThat(queue.queues().resume("..")).isFalse();
    }

    @Test
    void that_do_not_exist_are_not_paused() {
      enqueued(NewJob.of("a", 1).on("letters"));
      holdfast.queue().queues().configure("empty", settings -> settings);

      assertThatThrownBy(() -> queue.queues().pause("leters", "ada"))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("did you mean letters?");
      assertThatThrownBy(() -> queue.queues().resume("none")).isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> queue.queues().runNext("none", "ada"))
          .isInstanceOf(NotFoundException.class);
      assertThat(queue.queues().list())
          .extracting(QueueSummary::name)
          .containsExactly("empty", "letters");
      assertThat(queue.queues().pause("letters", "ada")).isTrue();
      assertThat(queue.queues().pause("empty", "ada")).isTrue();
    }

    @Test
    void that_have_finished_jobs_only_are_paused() {
      holdfast.queue().cancel(List.of(enqueued(NewJob.of("a", 1).on("letters"))), "ada");
      assertThat(queue.queues().list()).isEmpty();
      assertThat(queue.queues().pause("letters", "ada")).isTrue();
    }

    @Test
    void in_manual_mode_run_a_job_at_a_time() {
      JobId id = enqueued(NewJob.of("a", 1));
      assertThatThrownBy(() -> queue.queues().runNext("default", "ada"))
          .isInstanceOf(ConflictException.class);
      queue.queues().configure("default", now -> now.manual(true));

      RunNext first = queue.queues().runNext("default", "ada");
      RunNext second = queue.queues().runNext("default", "ada");

      assertThat(first.started()).isTrue();
      assertThat(first.jobIds()).containsExactly(id);
      assertThat(second.started()).isFalse();
      assertThat(second.message()).isNotBlank();
    }

    @Test
    void limit_types() {
      queue.queues().limitType("a/b", 3);
      queue.queues().limitType("c", 1);
      queue.queues().limitType("c", null);

      assertThat(queue.queues().typeLimits()).isEqualTo(Map.of("a/b", 3));
      assertThatThrownBy(() -> queue.queues().limitType("a", 0))
          .isInstanceOf(InvalidRequestException.class);
    }
  }

  @Nested
  class The_health {
    @Test
    void is_returned_with_all_fields() {
      enqueued(NewJob.of("a", 1));
      queue.cancel(List.of(enqueued(NewJob.of("b", 1))), "ada");

      assertThat(queue.status()).isEqualTo(holdfast.queue().status());
      assertThat(queue.status().problems())
          .isEqualTo(holdfast.queue().status().problems())
          .extracting(finding -> finding.code())
          .contains("no-worker");
    }

    @Test
    void names_nodes_which_obey_commands() {
      holdfast.handle("works", Integer.class, (number, job) -> number);
      holdfast.start();

      assertThat(queue.status().nodes())
          .usingRecursiveComparison()
          .ignoringFields("heartbeatAt", "vitals", "phase", "liveness")
          .isEqualTo(holdfast.queue().status().nodes());
      assertThat(queue.nodes().list())
          .usingRecursiveComparison()
          .ignoringFields("heartbeatAt", "vitals", "phase", "liveness")
          .isEqualTo(holdfast.queue().status().nodes());
      var node = holdfast.queue().status().nodes().get(0).id();
      assertThat(queue.nodes().command(NodeCommand.DRAIN, List.of())).containsExactly(node);
      assertThat(holdfast.queue().status().nodes().get(0).command()).isEqualTo(NodeCommand.DRAIN);
      assertThat(queue.nodes().command(NodeCommand.RUN, List.of(node))).containsExactly(node);
    }
  }

  @Nested
  class Recurring_jobs {
    private final Schedule nightly =
        Schedule.cron(
                "a/b nightly",
                "0 3 * * *",
                "Europe/Berlin",
                NewJob.of("report", Map.of("all", true)).on("q").maxAttempts(2))
            .missed(MissedFires.catchUp(7).after(Duration.ofSeconds(90)))
            .overlap(Overlap.SKIP)
            .declaredBy("local");

    @Test
    void are_declared_and_returned() {
      Schedule often = Schedule.every("often", Duration.ofMillis(1_500), NewJob.of("tick", null));

      assertThat(queue.schedules().put(nightly)).isEqualTo(Declared.CREATED);
      assertThat(queue.schedules().put(nightly)).isEqualTo(Declared.UNCHANGED);
      assertThat(queue.schedules().put(nightly.overlap(Overlap.ALLOW))).isEqualTo(Declared.CHANGED);
      assertThat(queue.schedules().put(often.declaredBy("local"))).isEqualTo(Declared.CREATED);

      assertThat(queue.schedules().list())
          .hasSize(2)
          .isEqualTo(holdfast.queue().schedules().list());
      assertThat(queue.schedules().find("a/b nightly"))
          .isPresent()
          .isEqualTo(holdfast.queue().schedules().find("a/b nightly"));
      assertThat(queue.schedules().find("none")).isEmpty();
      assertThat(queue.schedules().fires("none", 3)).isEmpty();
    }

    @Test
    void are_paused_run_and_removed() {
      queue.schedules().put(nightly);

      assertThat(queue.schedules().pause(nightly.name())).isTrue();
      assertThat(queue.schedules().pause(nightly.name())).isFalse();
      assertThat(queue.schedules().resume(nightly.name())).isTrue();
      assertThat(queue.schedules().resume(nightly.name())).isFalse();
      JobId job = queue.schedules().trigger(nightly.name());
      assertThat(holdfast.find(job).orElseThrow().queue()).isEqualTo("q");
      assertThat(queue.schedules().fires(nightly.name(), 3))
          .isEqualTo(holdfast.queue().schedules().fires(nightly.name(), 3))
          .extracting(ScheduleFire::kind)
          .containsExactly(ScheduleFire.Kind.BY_HAND);
      assertThat(queue.schedules().remove(nightly.name())).isTrue();
      assertThat(queue.schedules().remove(nightly.name())).isFalse();
      assertThatThrownBy(() -> queue.schedules().trigger("none"))
          .isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> queue.schedules().pause("none"))
          .isInstanceOf(NotFoundException.class);
    }
  }
}
