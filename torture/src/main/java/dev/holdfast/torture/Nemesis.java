package dev.holdfast.torture;

import dev.holdfast.Holdfast;
import dev.holdfast.testkit.postgres.Wire;
import dev.holdfast.torture.evidence.Blow;
import dev.holdfast.torture.host.LineFile;
import dev.holdfast.torture.host.LineFile.Durability;
import dev.holdfast.torture.host.Moment;
import dev.holdfast.torture.host.SteppedClock;
import dev.holdfast.torture.sampler.Obstacles;
import dev.holdfast.torture.server.Server;
import dev.holdfast.torture.strangers.Caller;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Strikes processes, in an order and at intervals drawn from a seed. Intervals are measured in
 * work, not in time: a slow machine is struck at the same points as a fast one.
 */
final class Nemesis implements AutoCloseable {
  private static final double PAUSE_LEASES_MIN = 1.5;
  private static final double PAUSE_LEASES_MAX = 5;
  private static final double FREEZE_LEASES_MAX = 3;
  private static final double CUT_LEASES_MIN = 0.1;
  private static final double CUT_LEASES_MAX = 2;

  /** The time in which all processes have reconnected to a server. */
  private static final Duration RETURN = Duration.ofSeconds(10);

  private static final long HOUR_SECONDS = 3_600;
  private static final long DAY_SECONDS = 86_400;

  private final List<Post> posts;
  private final ProducerPost producer;
  private final Plan plan;
  private final Stage stage;
  private final SplittableRandom random;
  private final LineFile file;
  private final Spells spells;
  private final Caller caller;
  private final Strangers strangers;
  private final Queue<Blow.Kind> left;
  private long goal;
  private long settlesTicks;
  private long weakUntilTicks = Long.MIN_VALUE;

  Nemesis(Stage stage, Holdfast holdfast, List<Post> posts, ProducerPost producer, Plan plan) {
    this.posts = posts;
    this.producer = producer;
    this.plan = plan;
    this.stage = stage;
    this.random = new SplittableRandom(plan.seed());
    this.file = new LineFile(stage.folder().resolve(Blow.FILE), Durability.KILL);
    this.spells = new Spells(file);
    this.caller = new Caller(holdfast, stage.url(), stage.folder(), random.split());
    this.strangers = new Strangers(stage, plan, spells, caller, random.split());
    this.left = new ArrayDeque<>(plan.order());
    planNext(0);
  }

  /** Spreads the remaining blows over the remaining work. */
  private void planNext(long ends) {
    long work = Math.max(0, plan.jobs() - ends);
    goal = ends + 1 + random.nextLong(2 * work / (left.size() + 1) + 1);
  }

  /** Returns whether all blows were struck and no process is suspended any more. */
  boolean isDone() {
    return left.isEmpty() && posts.stream().noneMatch(Post::stands) && spells.isEmpty();
  }

  /** Returns whether a current blow can keep all handlers from ending. */
  boolean isAtIt() {
    return !spells.isEmpty() || posts.stream().anyMatch(Post::stands);
  }

  /** Returns the blows that currently keep work from running. */
  Obstacles obstacles() {
    return new Obstacles(
        spells.holdStore(),
        posts.stream().anyMatch(Post::isAway),
        spells.rows(),
        stage.clock().isPresent(),
        Moment.now().ticks() - weakUntilTicks < 0);
  }

  /** Marks a time in which only the lease may show that a process has ended. */
  private void weakenProof(Duration time) {
    weakUntilTicks = Moment.now().ticks() + time.plus(plan.lease()).toNanos();
  }

  /** Strikes if the next blow is due and has a target. */
  void act(long ends) {
    posts.stream().filter(Post::isDueToGoOn).forEach(this::goOn);
    spells.endDue();
    if (!left.isEmpty() && ends >= goal && strike(left.element(), ends)) {
      left.remove();
      planNext(ends);
    }
    stage
        .clock()
        .filter(clock -> clock.offsetSeconds() < clock.newestSeconds())
        .filter(clock -> Moment.now().ticks() - settlesTicks >= 0)
        .ifPresent(this::settle);
  }

  private boolean strike(Blow.Kind kind, long ends) {
    return switch (kind) {
      case KILL -> victim().map(this::kill).isPresent();
      case KILL_ALL -> posts.stream().allMatch(Post::isBusy) && killAll();
      case KILL_PRODUCER -> killProducer();
      case TERMINATE -> victim().map(this::terminate).isPresent();
      case STOP -> victim().map(this::stop).isPresent();
      case DISCONNECT ->
          strike(kind, server -> server.disconnectOne(random.nextInt(Integer.MAX_VALUE)));
      case DISCONNECT_ALL -> strike(kind, Server::disconnectAll);
      case CRASH_SERVER -> strikeServer(kind, Server::crash);
      case KILL_SERVER -> strikeServer(kind, Server::kill);
      case CLOCK_FORWARD -> stage.clock().map(clock -> set(clock, 1)).isPresent();
      case CLOCK_BACK -> stage.clock().map(clock -> set(clock, -1)).isPresent();
      case LOCK_ROWS -> strangers.lockRows();
      case LOCK_STORE -> strangers.lockStore();
      case OPEN_CALL -> strangers.openCall(ends);
      case FILL_DISK -> strangers.fillDisk();
      case FREEZE -> freeze();
      case CUT -> cutOff(kind, Wire::refuse);
      case SILENCE -> cutOff(kind, Wire::freeze);
      case GO_ON, LET_GO, POWER_CUT, PEACE ->
          throw new IllegalStateException(kind + " is not a planned blow: a bug");
    };
  }

  /** Returns a worker with running handlers while another one is ready to take over. */
  private Optional<Post> victim() {
    List<Post> busy = posts.stream().filter(Post::isBusy).toList();
    long ready = countReady();
    return busy.isEmpty() || ready < 2
        ? Optional.empty()
        : Optional.of(busy.get(random.nextInt(busy.size())));
  }

  private boolean kill(Post post) {
    note(Blow.Kind.KILL, post.child().name());
    post.child().kill();
    return true;
  }

  private boolean killAll() {
    posts.forEach(post -> note(Blow.Kind.KILL_ALL, post.child().name()));
    posts.forEach(post -> post.child().kill());
    return true;
  }

  private boolean killProducer() {
    if (!producer.isReady()) {
      return false;
    }
    note(Blow.Kind.KILL_PRODUCER, producer.child().name());
    producer.child().kill();
    return true;
  }

  private boolean terminate(Post post) {
    note(Blow.Kind.TERMINATE, post.child().name());
    post.terminate();
    return true;
  }

  private boolean stop(Post post) {
    return stop(post, PAUSE_LEASES_MAX);
  }

  private boolean stop(Post post, double leasesMax) {
    note(Blow.Kind.STOP, post.child().name());
    post.stop(leases(PAUSE_LEASES_MIN, leasesMax));
    return true;
  }

  private Duration leases(double least, double most) {
    return Duration.ofMillis(Math.round(random.nextDouble(least, most) * plan.lease().toMillis()));
  }

  /**
   * Suspends a worker with an open transaction; if that has ended before the signal arrives, it is
   * an ordinary pause.
   */
  private boolean freeze() {
    Optional<Post> open =
        posts.stream().filter(Post::isInTransaction).filter(post -> countReady() > 1).findFirst();
    if (open.isEmpty()) {
      return false;
    }
    Post post = open.get();
    Moment at = Moment.now();
    stop(post, FREEZE_LEASES_MAX);
    post.look();
    if (!post.hasTransaction()) {
      return false;
    }
    file.append(new Blow(Blow.Kind.FREEZE, at, post.child().name()).line());
    return true;
  }

  private long countReady() {
    return posts.stream().filter(Post::isReady).count();
  }

  /** Cuts the network of one worker, while another one reaches the store. */
  private boolean cutOff(Blow.Kind kind, Consumer<Wire> cut) {
    long reaching = posts.stream().filter(Post::canWork).count();
    Optional<Post> victim = posts.stream().filter(Post::canWork).filter(Post::isBusy).findAny();
    if (victim.isEmpty() || reaching < 2) {
      return false;
    }
    Post post = victim.get();
    Wire wire = stage.props().wireOf(posts.indexOf(post) + 1).orElseThrow();
    Duration time = leases(CUT_LEASES_MIN, CUT_LEASES_MAX);
    Blow blow = new Blow(kind, Moment.now(), post.child().name());
    post.reach(false);
    cut.accept(wire);
    weakenProof(time.plus(RETURN));
    spells.begin(
        blow,
        time,
        Set.of(),
        () -> {
          wire.letThrough();
          post.reach(true);
        });
    return true;
  }

  private boolean strikeServer(Blow.Kind kind, Consumer<Server> blow) {
    return strike(
        kind,
        server -> {
          blow.accept(server);
          return true;
        });
  }

  private boolean strike(Blow.Kind kind, Predicate<Server> blow) {
    Server server =
        stage.server().orElseThrow(() -> new IllegalStateException(kind + " without a server"));
    Moment at = Moment.now();
    boolean struck = blow.test(server);
    if (struck) {
      weakenProof(RETURN);
      if (kind != Blow.Kind.DISCONNECT) {
        posts.forEach(Post::comeBack);
      }
      file.append(new Blow(kind, at, Blow.SERVER).line());
    }
    return struck;
  }

  /** Sets the clock by an hour or a day. */
  private boolean set(SteppedClock clock, int sign) {
    long seconds = random.nextBoolean() ? HOUR_SECONDS : DAY_SECONDS;
    return set(clock, clock.offsetSeconds() + sign * seconds, sign);
  }

  /**
   * Sets the clock to its newest time, as jobs scheduled while it was ahead become due only then.
   */
  private void settle(SteppedClock clock) {
    set(clock, clock.newestSeconds(), 1);
  }

  /**
   * Sets the clock. A step back is logged before, as processes may read the clock earlier than this
   * one.
   */
  private boolean set(SteppedClock clock, long offsetSeconds, int sign) {
    Blow.Kind kind = sign > 0 ? Blow.Kind.CLOCK_FORWARD : Blow.Kind.CLOCK_BACK;
    note(kind, stage.isForAll() ? Blow.ALL : posts.get(0).child().name());
    clock.set(offsetSeconds);
    settlesTicks = Moment.now().ticks() + leases(CUT_LEASES_MIN, CUT_LEASES_MAX).toNanos();
    return true;
  }

  /** Resumes a process; logged before, so that everything the process does comes later. */
  private void goOn(Post post) {
    note(Blow.Kind.GO_ON, post.child().name());
    post.goOn();
  }

  /** Logs that processes now end because the run is over. */
  void peace() {
    spells.endAll();
    posts.stream().filter(Post::stands).forEach(this::goOn);
    note(Blow.Kind.PEACE, "-");
  }

  private void note(Blow.Kind kind, String process) {
    file.append(new Blow(kind, Moment.now(), process).line());
  }

  @Override
  public void close() {
    spells.endAll();
    caller.close();
    file.close();
  }
}
