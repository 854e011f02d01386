package dev.holdfast.torture;

import dev.holdfast.Holdfast;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.torture.actors.Ledger;
import dev.holdfast.torture.actors.ProducerProgram;
import dev.holdfast.torture.actors.WorkerProgram;
import dev.holdfast.torture.checker.Verdict;
import dev.holdfast.torture.host.Moment;
import dev.holdfast.torture.host.Rest;
import dev.holdfast.torture.sampler.Sampler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** One run: processes work and are struck until all jobs are done, or nothing happens any more. */
public final class Run {
  /** The time for processes to start; generous, as other builds may be running. */
  private static final Duration START = Duration.ofMinutes(1);

  private static final Duration PROVEN = Duration.ofSeconds(1);
  private static final Duration PROVEN_APART = Duration.ofSeconds(4);
  private static final long END_SECONDS_MAX = 60;
  private static final int MORE_PART = 10; // of the planned jobs
  private static final long LOOK_NANOS = 200_000_000L;

  private final Stage stage;
  private final Plan plan;
  private long lookedTicks;

  Run(Stage stage, Plan plan) {
    this.stage = stage;
    this.plan = plan;
  }

  /** Runs and checks a plan; all files go into the empty {@code folder}. */
  public static Verdict in(Path folder, Plan plan) {
    try (Stage stage = Stage.of(folder, plan)) {
      return on(stage, plan);
    }
  }

  static Verdict on(Stage stage, Plan plan) {
    try (Holdfast holdfast = Holdfast.open(stage.address())) {
      new Run(stage, plan).toTheEnd(holdfast);
      Ledger.dump(stage.url(), stage.folder());
      return Verdict.of(stage.folder(), holdfast);
    }
  }

  private void toTheEnd(Holdfast holdfast) {
    with(
        (posts, producer) -> {
          try (Nemesis nemesis = new Nemesis(stage, holdfast, posts, producer, plan);
              Sampler sampler = new Sampler(stage.folder(), stage.url(), bounds())) {
            struggle(holdfast, posts, producer, nemesis, sampler);
            nemesis.peace();
            posts.forEach(post -> post.child().terminate());
            posts.forEach(post -> post.child().end(END_SECONDS_MAX));
          }
        });
  }

  /**
   * Returns the bounds; without files of a common host, others notice the end of a process only
   * after a delay.
   */
  private Sampler.Bounds bounds() {
    Duration proven = stage.apart() ? PROVEN_APART : PROVEN;
    return new Sampler.Bounds(proven, plan.lease().plus(proven));
  }

  /**
   * Runs until this number of handlers have completed; then {@code blow} must end all processes.
   */
  void until(long completions, Runnable blow) {
    with(
        (posts, producer) -> {
          while (posts.stream().mapToLong(Post::completions).sum() < completions) {
            Rest.aLittle();
            posts.forEach(Post::look);
          }
          blow.run();
        });
  }

  /** Starts all processes, and kills the remaining ones in the end. */
  private void with(BiConsumer<List<Post>, ProducerPost> course) {
    List<Post> posts = IntStream.rangeClosed(1, plan.workers()).mapToObj(this::post).toList();
    ProducerPost producer = new ProducerPost(producerSettings(), stage.wrapperOfProducer());
    try {
      course.accept(posts, producer);
    } finally {
      posts.forEach(post -> post.child().kill());
      producer.child().kill();
      posts.forEach(post -> post.child().end(END_SECONDS_MAX));
      producer.child().end(END_SECONDS_MAX);
    }
  }

  private Post post(int number) {
    WorkerProgram.Settings settings =
        new WorkerProgram.Settings(
            stage.addressOfWorker(number),
            stage.folder(),
            plan.concurrency(),
            plan.lease(),
            plan.grace(),
            plan.durability());
    return new Post("w" + number, settings, stage.wrapperOfWorker(number));
  }

  private ProducerProgram.Settings producerSettings() {
    return new ProducerProgram.Settings(
        stage.address(),
        stage.folder(),
        plan.seed(),
        plan.jobs(),
        plan.unfinished(),
        plan.runMillis());
  }

  private void struggle(
      Holdfast holdfast,
      List<Post> posts,
      ProducerPost producer,
      Nemesis nemesis,
      Sampler sampler) {
    long completions = 0;
    long movedTicks = Moment.now().ticks();
    while (!isOver(holdfast, producer, nemesis)) {
      posts.forEach(Post::look);
      long newCompletions = posts.stream().mapToLong(Post::completions).sum();
      sampler.take(posts, nemesis.obstacles());
      if (newCompletions != completions || nemesis.isAtIt()) {
        movedTicks = Moment.now().ticks();
        completions = newCompletions;
      }
      Duration patience = completions == 0 ? START : plan.patience();
      if (Moment.now().ticks() - movedTicks > patience.toNanos()) {
        return;
      }
      nemesis.act(posts.stream().mapToLong(Post::ends).sum());
      posts.forEach(Post::restartWhenEnded);
      producer.restartWhenEnded();
      Rest.aLittle();
    }
  }

  /**
   * Returns whether the run is over. It reads the store only now and then, as that slows the others
   * down. While blows are left, there must be work to disturb.
   */
  private boolean isOver(Holdfast holdfast, ProducerPost producer, Nemesis nemesis) {
    long now = Moment.now().ticks();
    if (!producer.isDone() || now - lookedTicks < LOOK_NANOS) {
      return false;
    }
    lookedTicks = now;
    boolean isIdle = countUnfinished(holdfast) == 0;
    if (isIdle && !nemesis.isDone()) {
      producer.produceMore(plan.jobs() / MORE_PART + 1);
      return false;
    }
    return isIdle;
  }

  /** Counts the unfinished jobs; if the store does not respond, there are some. */
  private static long countUnfinished(Holdfast holdfast) {
    try {
      return unfinished(holdfast);
    } catch (HoldfastException afterBlow) {
      return 1;
    }
  }

  private static long unfinished(Holdfast holdfast) {
    return holdfast.queue().status().counts().entrySet().stream()
        .filter(count -> !count.getKey().isFinished())
        .mapToLong(count -> count.getValue())
        .sum();
  }
}
