package dev.holdfast.server.worker;

import static dev.holdfast.server.worker.Bodies.PATH;
import static dev.holdfast.server.worker.Bodies.SMALL_BYTES_MAX;
import static dev.holdfast.server.worker.Bodies.names;
import static dev.holdfast.server.worker.Bodies.route;

import dev.holdfast.JobId;
import dev.holdfast.NodeConfig;
import dev.holdfast.NodeId;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.check.Durations;
import dev.holdfast.check.Limits;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Fields;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.ServedWork;
import dev.holdfast.spi.ThisHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Routes for the life cycle of remote workers: register, heartbeat, leave. */
public final class WorkerRoutes {
  private static final Set<String> REGISTER_FIELDS =
      names(
          "name",
          "types",
          "queues",
          "capabilities",
          "concurrency",
          "lease",
          "recovery",
          "host",
          "process_id",
          "version");
  private static final Duration LEASE_MIN = Duration.ofSeconds(5);
  private static final Duration LEASE_MAX = Duration.ofHours(1);
  private static final Set<String> HEARTBEAT_FIELDS = names("worker", "jobs", "draining");
  private static final Set<String> LISTED_FIELDS = names("id", "lease");

  private final RemoteWork work;

  /** Creates the routes. */
  public WorkerRoutes(RemoteWork work) {
    this.work = work;
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(
        route(PATH + "register", this::register, SMALL_BYTES_MAX),
        route(PATH + "heartbeat", this::heartbeat, SMALL_BYTES_MAX),
        route(PATH + "leave", this::leave, SMALL_BYTES_MAX));
  }

  private Answer register(Call call) {
    Fields body = Bodies.read(call, REGISTER_FIELDS);
    NodeConfig config =
        NodeConfig.defaults()
            .name(body.text("name"))
            .queues(Bodies.queues(body).toArray(String[]::new))
            .capabilities(Bodies.capabilities(body))
            .concurrency(body.isNull("concurrency") ? 1 : body.count("concurrency"));
    NodeId id = new NodeId(UUID.randomUUID());
    Duration lease = lease(body);
    work.register(info(id, config.name(), body, call.isLocal()), serves(config, body), lease);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("worker", id.toString());
    fields.put("lease_ms", lease.toMillis());
    fields.put("heartbeat_ms", RemoteWork.untilBeat(lease).toMillis());
    return Answer.json(201, fields);
  }

  private Duration lease(Fields body) {
    Duration lease = body.maybeText("lease").map(Durations::parse).orElse(work.lease());
    boolean isChosen = !body.isNull("lease");
    if (isChosen && (lease.compareTo(LEASE_MIN) < 0 || lease.compareTo(LEASE_MAX) > 0)) {
      throw new InvalidRequestException(
          "field 'lease' is %s, expected %s to %s"
              .formatted(
                  Durations.write(lease), Durations.write(LEASE_MIN), Durations.write(LEASE_MAX)));
    }
    return lease;
  }

  private static ServedWork serves(NodeConfig config, Fields body) {
    RecoveryPolicy recovery =
        body.isNull("recovery")
            ? RecoveryPolicy.RESUME
            : body.word("recovery", RecoveryPolicy.class);
    Map<String, RecoveryPolicy> types =
        Bodies.types(body).stream().collect(Collectors.toMap(type -> type, type -> recovery));
    return new ServedWork(config.queues(), types, config.capabilities(), config.concurrency());
  }

  /**
   * Describes the worker's node. The process of a worker on this host is watched from here; of any
   * other, nothing serves as proof of death.
   */
  private static NodeInfo info(NodeId id, String name, Fields body, boolean isLocal) {
    String host = body.maybeText("host").map(WorkerRoutes::brief).orElse("remote");
    long processId = body.maybeNumber("process_id").orElse(0L);
    String version = body.maybeText("version").map(WorkerRoutes::brief).orElse("http");
    NodeInfo remote = new NodeInfo(id, name, host, processId, 0, "", "", version);
    return isLocal && host.equals(ThisHost.name()) ? ofThisHost(remote) : remote;
  }

  private static NodeInfo ofThisHost(NodeInfo worker) {
    return new NodeInfo(
        worker.id(),
        worker.name(),
        worker.host(),
        worker.processId(),
        ThisHost.startTicks(worker.processId()),
        ThisHost.bootId(),
        ThisHost.pidNamespace(),
        worker.version());
  }

  private static String brief(String text) {
    return Printable.brief(text, Limits.NAME_CHARS_MAX);
  }

  private Answer heartbeat(Call call) {
    Fields body = Bodies.read(call, HEARTBEAT_FIELDS);
    NodeId node = Bodies.worker(body);
    List<JobId> revoked = new ArrayList<>();
    Optional<Set<Lease>> listed =
        body.isNull("jobs") ? Optional.empty() : Optional.of(listed(node, body, revoked));
    RemoteWork.Beat beat = work.heartbeat(node, listed, body.flag("draining"));
    revoked.addAll(beat.revoked());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("order", beat.command().name());
    fields.put("revoked", revoked.stream().map(JobId::toString).toList());
    return Answer.ok(fields);
  }

  /**
   * Reads the listed leases; invalid ones count as revoked, and the rest of the heartbeat is valid.
   */
  private Set<Lease> listed(NodeId node, Fields body, List<JobId> revoked) {
    Set<Lease> listed = new HashSet<>();
    for (Fields job : body.list("jobs", job -> job)) {
      NewJobJson.checkFields("a job", job.node(), LISTED_FIELDS);
      JobId id = JobId.parse(job.text("id"));
      Optional<Lease> lease = work.findLease(id, job).map(LeaseText::lease);
      if (lease.filter(own -> !own.node().equals(node)).isPresent()) {
        throw new InvalidRequestException("job %s was claimed by another worker".formatted(id));
      }
      lease.ifPresentOrElse(listed::add, () -> revoked.add(id));
    }
    return listed;
  }

  private Answer leave(Call call) {
    work.leave(Bodies.worker(Bodies.read(call, names("worker"))));
    return Answer.nothing();
  }
}
