package dev.holdfast.benchmarks.search;

import dev.holdfast.Failure;
import dev.holdfast.Holdfast;
import dev.holdfast.NewJob;
import dev.holdfast.QueueSettings;
import dev.holdfast.benchmarks.load.BareNode;
import dev.holdfast.search.JobField;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Transition;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The jobs of a large installation: 200 types in 50 queues, each with a customer, which is an
 * indexed field, and a tag; one in four with a group. They are enqueued and ended as programs do
 * it, so that the database looks as it would. 3 of 100 have failed, for one of 500 reasons.
 */
final class JobMix {
  static final int TYPES = 200;
  static final int QUEUES = 50;
  static final int CUSTOMERS = 1_000_000;
  private static final int GROUPS = 1_000;
  private static final int TAGS = 97;
  private static final int REASONS = 500;
  private static final int PORTION = 20_000;
  private static final int BATCH = 500;
  private static final int LETTERS = 26;

  private JobMix() {}

  /**
   * Fills an empty queue, portion by portion.
   *
   * @param jobs the number of all jobs
   * @param waiting how many of them are left waiting
   */
  static void fill(Holdfast holdfast, String address, int jobs, int waiting) {
    List<JobField> indexed = List.of(JobField.parse("payload.customer"));
    for (int i = 0; i < QUEUES; i++) {
      QueueSettings unused =
          holdfast.queue().queues().configure("q" + i, settings -> settings.indexedFields(indexed));
    }
    int toEnd = jobs - waiting;
    try (BareNode node = new BareNode(address, List.of(), types())) {
      for (int from = 0; from < jobs; from += PORTION) {
        int end = Math.min(jobs, from + PORTION);
        holdfast.queue().enqueue(IntStream.range(from, end).mapToObj(JobMix::job).toList());
        toEnd -= end(node, Math.min(toEnd, end - from));
      }
    }
  }

  private static String[] types() {
    return IntStream.range(0, TYPES).mapToObj(i -> "t" + i).toArray(String[]::new);
  }

  private static NewJob job(int i) {
    int mixed = mixed(i);
    NewJob job =
        NewJob.of(
                "t" + mixed % TYPES,
                Map.of("customer", mixed % CUSTOMERS, "note", "order " + i + " of the day"))
            .on("q" + mixed % QUEUES)
            .unique("order-" + i)
            .tags("tag-" + mixed % TAGS);
    return mixed % 4 == 0 ? job.group("g" + mixed % GROUPS) : job;
  }

  /** Spreads numbers, always in the same way. */
  private static int mixed(int number) {
    int spread = number * 0x9E3779B1;
    return (spread ^ (spread >>> 15)) & Integer.MAX_VALUE;
  }

  private static int end(BareNode node, int wanted) {
    int ended = 0;
    List<Claimed> held = node.exchange(List.of(), Math.min(BATCH, wanted));
    while (!held.isEmpty()) {
      ended += held.size();
      held = node.exchange(held, JobMix::end, Math.min(BATCH, wanted - ended));
    }
    return ended;
  }

  private static Transition end(Claimed job) {
    int mixed = mixed(job.lease().job().hashCode());
    return mixed % 100 < 3
        ? new Transition.Fail(Failure.of(Failure.Kind.ERROR, reason(mixed % REASONS)))
        : new Transition.Complete(Optional.of("\"done\""));
  }

  /** Numbers do not tell reasons apart, so each has a word of its own. */
  private static String reason(int number) {
    char first = (char) ('a' + number / LETTERS);
    char second = (char) ('a' + number % LETTERS);
    return "the service " + first + second + " answered 503";
  }
}
