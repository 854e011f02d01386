package dev.holdfast.torture;

import dev.holdfast.BulkAction;
import dev.holdfast.BulkOperation;
import dev.holdfast.BulkRequest;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.torture.actors.DeadLetters;
import dev.holdfast.torture.actors.WorkerProgram;
import dev.holdfast.torture.checker.Returned;
import dev.holdfast.torture.evidence.Behaviour;
import dev.holdfast.torture.evidence.Work;
import dev.holdfast.torture.host.LineFile.Durability;
import dev.holdfast.torture.host.Moment;
import dev.holdfast.torture.host.Rest;
import dev.holdfast.torture.server.LoneServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Retries dead letters by one bulk operation, while people retry some of them by hand and workers
 * run what was retried and are killed at random. Each dead letter must return to the queue exactly
 * once, and nothing else may be touched.
 */
public final class BulkKills implements Scenario {
  private static final String USAGE =
      """
      usage: torture/torture bulk [OPTION VALUE]...
        --jobs N            dead letters                                     100000
        --workers N         worker processes; about one kill a second        4
        --db KIND           sqlite or postgres, which the run starts         sqlite
        --pg-version N      its major version                                18
        --seed N            seed of kills and hands                          42
      """;

  private static final String TYPE = Behaviour.COMPLETE.type();
  private static final String BULK = "bulk";
  private static final String HAND = "hand";
  private static final int ALL_OF = 5; // one in this many kills hits all workers
  private static final int HANDFUL = 5;
  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Work SHORT = new Work(1, 1, 0, false);
  private static final long END_SECONDS_MAX = 30;

  private final int jobs;
  private final int workers;
  private final int postgres;
  private final long seed;
  private final Random random;
  private final Set<JobId> byHand = new HashSet<>();
  private int kills;

  /**
   * @param jobs the number of dead letters
   * @param workers the number of processes
   * @param postgres the version of the server; 0 for a file of SQLite
   */
  BulkKills(long seed, int jobs, int workers, int postgres) {
    this.seed = seed;
    this.random = new Random(seed);
    this.jobs = jobs;
    this.workers = workers;
    this.postgres = postgres;
  }

  /** Runs the command; exits with 2 for wrong usage. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    try {
      Scenario.main(parse(arguments));
    } catch (IllegalArgumentException wrong) {
      System.err.println("torture: " + wrong.getMessage());
      System.err.print(USAGE);
      System.exit(2);
    }
  }

  private static BulkKills parse(String[] arguments) {
    Map<String, String> given = Options.pairs(USAGE, arguments);
    return new BulkKills(
        Options.number(given, "--seed", 42),
        Options.number(given, "--jobs", 100_000),
        Options.number(given, "--workers", 4),
        Options.ground(given).postgres());
  }

  @Override
  public boolean run(Path folder) {
    if (postgres == 0) {
      return run(folder, folder.resolve("jobs.db").toString());
    }
    try (LoneServer server = LoneServer.start(postgres, false, Map.of())) {
      return run(folder, server.address());
    }
  }

  private boolean run(Path folder, String address) {
    try (Holdfast holdfast = Holdfast.open(address)) {
      List<JobId> dead = DeadLetters.make(holdfast, NewJob.of(TYPE, SHORT), jobs);
      List<JobId> others = List.of(holdfast.enqueue(NewJob.of("nobody's", 0)).id());
      WorkerProgram.Settings settings =
          new WorkerProgram.Settings(
              address, folder, workers, LEASE, Duration.ofSeconds(5), Durability.KILL);
      List<Post> posts =
          IntStream.rangeClosed(1, workers)
              .mapToObj(post -> new Post("worker-" + post, settings, List.of()))
              .toList();
      BulkOperation over;
      try {
        over = retry(holdfast, dead, posts);
        awaitEnds(holdfast, posts);
      } finally {
        posts.forEach(post -> post.child().terminate());
        posts.forEach(post -> post.child().end(END_SECONDS_MAX));
      }
      return tell(over, Returned.of(holdfast, dead, byHand, BULK, HAND), others, holdfast);
    }
  }

  /** Strikes until the operation has ended. */
  private BulkOperation retry(Holdfast holdfast, List<JobId> dead, List<Post> posts) {
    BulkOperation operation =
        holdfast
            .queue()
            .bulkOperations()
            .start(
                BulkRequest.of(BulkAction.RETRY, JobFilter.in(JobState.FAILED).type(TYPE)), BULK);
    Moment struck = Moment.now();
    while (operation.state() == BulkOperation.State.RUNNING) {
      retryByHand(holdfast, dead);
      posts.forEach(Post::restartWhenEnded);
      if (Moment.now().nanosSince(struck) > Duration.ofSeconds(1).toNanos()) {
        strike(posts);
        struck = Moment.now();
      }
      operation = holdfast.queue().bulkOperations().get(operation.id());
    }
    return operation;
  }

  /** Kills a worker, or all, once they have started: else nobody would ever do anything. */
  private void strike(List<Post> posts) {
    boolean isForAll = (kills + 1) % ALL_OF == 0;
    List<Post> some = isForAll ? posts : List.of(posts.get(random.nextInt(posts.size())));
    if (some.stream().allMatch(Post::isReady)) {
      some.forEach(post -> post.child().kill());
      kills++;
    }
  }

  private void retryByHand(Holdfast holdfast, List<JobId> dead) {
    List<JobId> some = random.ints(HANDFUL, 0, dead.size()).distinct().mapToObj(dead::get).toList();
    Set<JobId> done =
        holdfast.queue().retry(some, HAND).stream()
            .filter(changed -> changed.done())
            .map(changed -> changed.id())
            .collect(Collectors.toSet());
    byHand.addAll(done);
    Rest.aLittle();
  }

  private static void awaitEnds(Holdfast holdfast, List<Post> posts) {
    Moment start = Moment.now();
    while (isAnyUnfinished(holdfast) && Moment.now().nanosSince(start) < PATIENCE.toNanos()) {
      posts.forEach(Post::restartWhenEnded);
      Rest.aLittle();
    }
  }

  /** A page may be empty though there is another one, as jobs end while it is read. */
  private static boolean isAnyUnfinished(Holdfast holdfast) {
    JobFilter unfinished =
        JobFilter.in(JobState.PENDING, JobState.SCHEDULED, JobState.RUNNING).type(TYPE);
    Page<Job> page = holdfast.queue().list(unfinished, PageRequest.first(1));
    return !page.items().isEmpty() || page.next().isPresent();
  }

  private boolean tell(
      BulkOperation over, Returned returned, List<JobId> others, Holdfast holdfast) {
    boolean isOtherUntouched =
        others.stream()
            .allMatch(
                id -> holdfast.find(id).filter(job -> job.state() == JobState.PENDING).isPresent());
    System.out.printf(
        "%,d dead letters on %s, %d workers, seed %d, %d kills: %s%n",
        jobs,
        postgres == 0 ? "SQLite" : "PostgreSQL " + postgres,
        workers,
        seed,
        kills,
        over.state());
    System.out.printf(
        "the operation retried %,d and left %,d alone, %,d were retried by hand%n",
        over.done(), over.leftAlone(), byHand.size());
    System.out.println(returned);
    return over.state() == BulkOperation.State.DONE
        && over.done() + byHand.size() == jobs
        && isOtherUntouched
        && returned.isRight();
  }
}
