package dev.holdfast.torture.actors;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.error.BusyException;
import dev.holdfast.error.StorageException;
import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.torture.evidence.Journal;
import dev.holdfast.torture.evidence.Task;
import dev.holdfast.torture.host.Child;
import dev.holdfast.torture.host.Rest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;

/**
 * A producer's process: enqueues jobs until there are enough of them, and then exits. It continues
 * after the journals of earlier producers: it repeats half of the calls with an unknown outcome,
 * with the same ids.
 */
public final class ProducerProgram {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * The settings of a producer.
   *
   * @param address the store
   * @param folder the folder of the journals
   * @param seed the seed of its jobs
   * @param jobs the number of jobs, including those of its predecessors
   * @param unfinished the maximum number of its own unfinished jobs
   * @param runMillis the average run time of handlers
   */
  public record Settings(
      String address, Path folder, long seed, int jobs, int unfinished, long runMillis) {

    /** Returns a copy with this number of jobs. */
    public Settings jobs(int newJobs) {
      return new Settings(address, folder, seed, newJobs, unfinished, runMillis);
    }

    private List<String> arguments(String name) {
      return List.of(
          name,
          address,
          folder.toString(),
          Long.toString(seed),
          Integer.toString(jobs),
          Integer.toString(unfinished),
          Long.toString(runMillis));
    }

    private static Settings of(String[] arguments) {
      return new Settings(
          arguments[1],
          Path.of(arguments[2]),
          Long.parseLong(arguments[3]),
          Integer.parseInt(arguments[4]),
          Integer.parseInt(arguments[5]),
          Long.parseLong(arguments[6]));
    }
  }

  private record Sent(int jobs, JobId last) {}

  private final Holdfast holdfast;
  private final Journal journal;
  private final Settings settings;
  private final Queue<Sent> sent = new ArrayDeque<>();
  private int unfinished;

  private ProducerProgram(Holdfast holdfast, Journal journal, Settings settings) {
    this.holdfast = holdfast;
    this.journal = journal;
    this.settings = settings;
  }

  /** Starts a producer, with an optional command in front of {@code java}. */
  public static Child start(String name, Settings settings, List<String> wrapper) {
    return Child.start(
        settings.folder(), name, wrapper, ProducerProgram.class, settings.arguments(name));
  }

  /** Runs the process. */
  public static void main(String[] arguments) {
    Child.endWithParent();
    String name = arguments[0];
    Settings settings = Settings.of(arguments);
    Predecessors before = Predecessors.in(settings.folder());
    SplittableRandom random = new SplittableRandom(settings.seed() + before.count());
    TaskDraw draw = new TaskDraw(random, settings.runMillis(), before.keys(), before.tasks());
    try (Holdfast holdfast = Holdfast.open(settings.address());
        Journal journal = new Journal(settings.folder().resolve(name + Journal.ENDING))) {
      System.out.println("ready");
      ProducerProgram producer = new ProducerProgram(holdfast, journal, settings);
      before.unanswered().stream().filter(call -> random.nextBoolean()).forEach(producer::enqueue);
      producer.produce(draw, settings.jobs() - before.tasks());
    }
  }

  private void produce(TaskDraw draw, int jobs) {
    for (int left = jobs; left > 0; ) {
      List<Task> tasks = new ArrayList<>();
      for (int size = Math.min(left, draw.size()); size > 0; size--) {
        tasks.add(draw.task());
      }
      enqueue(tasks);
      left -= tasks.size();
      awaitOlder(tasks);
    }
  }

  /** Enqueues jobs. A failed call may have taken effect, so it is repeated with the same ids. */
  private void enqueue(List<Task> tasks) {
    while (!isAnswered(tasks)) {
      Rest.aLittle();
    }
  }

  private boolean isAnswered(List<Task> tasks) {
    journal.asks(tasks);
    try {
      journal.isAnswered(holdfast.queue().enqueue(tasks.stream().map(Task::toNewJob).toList()));
      return true;
    } catch (StoreUnavailableException | BusyException | StorageException notNow) {
      return false;
    }
  }

  /** Limits the growth of the queue: new jobs are enqueued as old ones finish. */
  private void awaitOlder(List<Task> tasks) {
    sent.add(new Sent(tasks.size(), tasks.get(tasks.size() - 1).id()));
    unfinished += tasks.size();
    while (unfinished > settings.unfinished()) {
      Sent oldest = sent.remove();
      unfinished -= oldest.jobs();
      try {
        holdfast.await(oldest.last(), PATIENCE).join();
      } catch (CompletionException notNow) {
        // it takes longer, or its key was known: the checker examines it
      }
    }
  }
}
