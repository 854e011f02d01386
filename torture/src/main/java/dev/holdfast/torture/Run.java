package dev.holdfast.torture;

import dev.holdfast.Holdfast;
import dev.holdfast.JobState;
import dev.holdfast.torture.actors.ProducerProgram;
import dev.holdfast.torture.actors.WorkerProgram;
import dev.holdfast.torture.checker.Verdict;
import dev.holdfast.torture.host.Moment;
import dev.holdfast.torture.host.Rest;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** One run: processes work and are struck until all is done, or nothing happens any more. */
public final class Run {
  private static final long END_SECONDS_MAX = 60;
  private static final long LOOK_NANOS = 200_000_000L;

  private final Path folder;
  private final Plan plan;
  private final String address;
  private long lookedTicks;
  private boolean finished;

  private Run(Path folder, Plan plan) {
    this.folder = folder;
    this.plan = plan;
    this.address = address(folder, plan.mutant());
  }

  /** The store of the run in {@code folder}. */
  static String address(Path folder, String mutant) {
    Path file = folder.resolve("jobs.db").toAbsolutePath();
    return mutant.isEmpty() ? file.toString() : "mutant:" + mutant + ":" + file;
  }

  /** Runs it and checks it; all that it writes goes into the empty {@code folder}. */
  public static Verdict in(Path folder, Plan plan) {
    Run run = new Run(folder, plan);
    try (Holdfast holdfast = Holdfast.open(run.address)) {
      run.run(holdfast);
      return Verdict.of(folder, holdfast);
    }
  }

  private void run(Holdfast holdfast) {
    List<Post> posts = IntStream.rangeClosed(1, plan.workers()).mapToObj(this::post).toList();
    ProducerPost producer = new ProducerPost(producerSettings());
    try (Nemesis nemesis = new Nemesis(folder, posts, producer, plan)) {
      struggle(holdfast, posts, producer, nemesis);
      nemesis.peace();
      posts.forEach(post -> post.child().terminate());
      posts.forEach(post -> post.child().end(END_SECONDS_MAX));
    } finally {
      posts.forEach(post -> post.child().kill());
      producer.child().kill();
    }
  }

  private Post post(int number) {
    return new Post(
        "w" + number,
        new WorkerProgram.Settings(
            address, folder, plan.concurrency(), plan.lease(), plan.grace(), plan.durability()));
  }

  private ProducerProgram.Settings producerSettings() {
    return new ProducerProgram.Settings(
        address, folder, plan.seed(), plan.jobs(), plan.unfinished(), plan.runMillis());
  }

  private void struggle(
      Holdfast holdfast, List<Post> posts, ProducerPost producer, Nemesis nemesis) {
    long completions = 0;
    long movedTicks = Moment.now().ticks();
    while (!isOver(holdfast, producer, posts)) {
      posts.forEach(Post::look);
      long newCompletions = posts.stream().mapToLong(Post::completions).sum();
      if (newCompletions != completions) {
        movedTicks = Moment.now().ticks();
        completions = newCompletions;
      }
      if (Moment.now().ticks() - movedTicks > plan.patience().toNanos()) {
        return;
      }
      nemesis.act(posts.stream().mapToLong(Post::ends).sum());
      posts.forEach(Post::restartWhenEnded);
      producer.restartWhenEnded();
      Rest.aLittle();
    }
  }

  /** Looks into the store only now and then, as that costs the others time. */
  private boolean isOver(Holdfast holdfast, ProducerPost producer, List<Post> posts) {
    long now = Moment.now().ticks();
    if (producer.isDone() && now - lookedTicks > LOOK_NANOS) {
      lookedTicks = now;
      finished = isAllFinished(holdfast);
    }
    return finished && posts.stream().noneMatch(Post::stands);
  }

  private static boolean isAllFinished(Holdfast holdfast) {
    Map<JobState, Long> counts = holdfast.status().counts();
    return counts.entrySet().stream()
        .filter(count -> !count.getKey().isFinished())
        .allMatch(count -> count.getValue() == 0);
  }
}
