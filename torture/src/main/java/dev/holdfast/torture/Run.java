package dev.holdfast.torture;

import dev.holdfast.Holdfast;
import dev.holdfast.StoreUnavailableException;
import dev.holdfast.torture.actors.ProducerProgram;
import dev.holdfast.torture.actors.WorkerProgram;
import dev.holdfast.torture.checker.Verdict;
import dev.holdfast.torture.host.Moment;
import dev.holdfast.torture.host.Rest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** One run: processes work and are struck until all is done, or nothing happens any more. */
public final class Run {
  /** Processes take their time to start where others build. */
  private static final Duration START = Duration.ofMinutes(1);

  private static final long END_SECONDS_MAX = 60;
  private static final int MORE_PART = 10; // of the jobs that were planned
  private static final long LOOK_NANOS = 200_000_000L;

  private final Stage stage;
  private final Plan plan;
  private long lookedTicks;

  Run(Stage stage, Plan plan) {
    this.stage = stage;
    this.plan = plan;
  }

  /** Runs it and checks it; all that it writes goes into the empty {@code folder}. */
  public static Verdict in(Path folder, Plan plan) {
    try (Stage stage = Stage.of(folder, plan)) {
      return on(stage, plan);
    }
  }

  static Verdict on(Stage stage, Plan plan) {
    try (Holdfast holdfast = Holdfast.open(stage.address())) {
      new Run(stage, plan).toTheEnd(holdfast);
      return Verdict.of(stage.folder(), holdfast);
    }
  }

  private void toTheEnd(Holdfast holdfast) {
    with(
        (posts, producer) -> {
          try (Nemesis nemesis = new Nemesis(stage, posts, producer, plan)) {
            struggle(holdfast, posts, producer, nemesis);
            nemesis.peace();
            posts.forEach(post -> post.child().terminate());
            posts.forEach(post -> post.child().end(END_SECONDS_MAX));
          }
        });
  }

  /** Runs until so many handlers have completed, and leaves it to {@code blow} to end all. */
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

  /** Starts all processes, and kills what is left of them. */
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
            stage.address(),
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
      Holdfast holdfast, List<Post> posts, ProducerPost producer, Nemesis nemesis) {
    long completions = 0;
    long movedTicks = Moment.now().ticks();
    while (!isOver(holdfast, producer, nemesis)) {
      posts.forEach(Post::look);
      long newCompletions = posts.stream().mapToLong(Post::completions).sum();
      if (newCompletions != completions) {
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
   * Looks into the store only now and then, as that costs the others time. As long as there are
   * blows left, there must be work to disturb.
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

  /** Whoever cannot be asked has not finished. */
  private static long countUnfinished(Holdfast holdfast) {
    try {
      return unfinished(holdfast);
    } catch (StoreUnavailableException afterBlow) {
      return 1;
    }
  }

  private static long unfinished(Holdfast holdfast) {
    return holdfast.status().counts().entrySet().stream()
        .filter(count -> !count.getKey().isFinished())
        .mapToLong(count -> count.getValue())
        .sum();
  }
}
