package dev.holdfast.torture;

import dev.holdfast.torture.evidence.Blow;
import dev.holdfast.torture.host.LineFile;
import dev.holdfast.torture.host.LineFile.Durability;
import dev.holdfast.torture.host.Moment;
import dev.holdfast.torture.host.SteppedClock;
import dev.holdfast.torture.server.Server;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Strikes processes, in an order and at distances drawn from a seed. The distances are not of time
 * but of work: a slow machine is struck at the same places as a fast one.
 */
final class Nemesis implements AutoCloseable {
  private static final double PAUSE_LEASES_MIN = 1.5;
  private static final double PAUSE_LEASES_MAX = 5;
  private static final long HOUR_SECONDS = 3_600;
  private static final long DAY_SECONDS = 86_400;

  private final List<Post> posts;
  private final ProducerPost producer;
  private final Plan plan;
  private final Stage stage;
  private final SplittableRandom random;
  private final LineFile file;
  private final Queue<Blow.Kind> left;
  private long goal;

  Nemesis(Stage stage, List<Post> posts, ProducerPost producer, Plan plan) {
    this.posts = posts;
    this.producer = producer;
    this.plan = plan;
    this.stage = stage;
    this.random = new SplittableRandom(plan.seed());
    this.file = new LineFile(stage.folder().resolve(Blow.FILE), Durability.KILL);
    this.left = new ArrayDeque<>(plan.order());
    planNext(0);
  }

  /** Spreads the blows that are left over the work that is left. */
  private void planNext(long ends) {
    long work = Math.max(0, plan.jobs() - ends);
    goal = ends + 1 + random.nextLong(2 * work / (left.size() + 1) + 1);
  }

  /** Whether all blows were struck, and nobody stands still any more. */
  boolean isDone() {
    return left.isEmpty() && posts.stream().noneMatch(Post::stands);
  }

  /** Strikes if it is time to, and if there is somebody for the next blow. */
  void act(long ends) {
    posts.stream().filter(Post::isDueToGoOn).forEach(this::goOn);
    if (!left.isEmpty() && ends >= goal && strike(left.element())) {
      left.remove();
      planNext(ends);
    }
    if (left.isEmpty()) {
      stage
          .clock()
          .filter(clock -> clock.offsetSeconds() < clock.newestSeconds())
          .ifPresent(this::settle);
    }
  }

  private boolean strike(Blow.Kind kind) {
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
      case GO_ON, POWER_CUT, PEACE ->
          throw new IllegalStateException(kind + " is no blow to plan: a bug");
    };
  }

  /** One in whose process handlers run while another is ready to take over. */
  private Optional<Post> victim() {
    List<Post> busy = posts.stream().filter(Post::isBusy).toList();
    long ready = posts.stream().filter(Post::isReady).count();
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
    post.child().terminate();
    return true;
  }

  private boolean stop(Post post) {
    double leases = random.nextDouble(PAUSE_LEASES_MIN, PAUSE_LEASES_MAX);
    note(Blow.Kind.STOP, post.child().name());
    post.stop(Duration.ofMillis(Math.round(leases * plan.lease().toMillis())));
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
      file.append(new Blow(kind, at, Blow.SERVER).line());
    }
    return struck;
  }

  /** By an hour or a day. */
  private boolean set(SteppedClock clock, int sign) {
    long seconds = random.nextBoolean() ? HOUR_SECONDS : DAY_SECONDS;
    return set(clock, clock.offsetSeconds() + sign * seconds, sign);
  }

  /** What was planned while the clock was ahead becomes due only there. */
  private void settle(SteppedClock clock) {
    set(clock, clock.newestSeconds(), 1);
  }

  /** A step back is noted before, as some may read the clock before this is known. */
  private boolean set(SteppedClock clock, long offsetSeconds, int sign) {
    Blow.Kind kind = sign > 0 ? Blow.Kind.CLOCK_FORWARD : Blow.Kind.CLOCK_BACK;
    note(kind, stage.isForAll() ? Blow.ALL : posts.get(0).child().name());
    clock.set(offsetSeconds);
    return true;
  }

  /** Noted before it is done, so that whatever the process does comes later. */
  private void goOn(Post post) {
    note(Blow.Kind.GO_ON, post.child().name());
    post.goOn();
  }

  /** From now on processes end because the run is over. */
  void peace() {
    posts.stream().filter(Post::stands).forEach(this::goOn);
    note(Blow.Kind.PEACE, "-");
  }

  private void note(Blow.Kind kind, String process) {
    file.append(new Blow(kind, Moment.now(), process).line());
  }

  @Override
  public void close() {
    file.close();
  }
}
