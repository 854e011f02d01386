package dev.holdfast.server.worker;

import static dev.holdfast.server.worker.Bodies.PATH;
import static dev.holdfast.server.worker.Bodies.SMALL_BYTES_MAX;
import static dev.holdfast.server.worker.Bodies.names;
import static dev.holdfast.server.worker.Bodies.route;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.JobId;
import dev.holdfast.Lease;
import dev.holdfast.Limits;
import dev.holdfast.NodeConfig;
import dev.holdfast.NodeId;
import dev.holdfast.Printable;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.http.Fields;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Exchange;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Serves;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The life of a worker elsewhere: it registers, sends heartbeats, and leaves. */
public final class WorkerRoutes {
  private static final Set<String> REGISTER_FIELDS =
      names(
          "name",
          "types",
          "queues",
          "capabilities",
          "concurrency",
          "recovery",
          "host",
          "process_id",
          "version");
  private static final Set<String> HEARTBEAT_FIELDS = names("worker", "jobs", "draining");
  private static final Set<String> LISTED_FIELDS = names("id", "lease");

  private final RemoteWork work;

  /** Over this. */
  public WorkerRoutes(RemoteWork work) {
    this.work = work;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        route(PATH + "register", this::register, SMALL_BYTES_MAX),
        route(PATH + "heartbeat", this::heartbeat, SMALL_BYTES_MAX),
        route(PATH + "leave", this::leave, SMALL_BYTES_MAX));
  }

  private Answer register(Exchange exchange) {
    Fields body = Bodies.read(exchange, REGISTER_FIELDS);
    NodeConfig config =
        NodeConfig.defaults()
            .name(body.text("name"))
            .queues(Bodies.queues(body).toArray(String[]::new))
            .capabilities(Bodies.capabilities(body))
            .concurrency(body.isNull("concurrency") ? 1 : body.count("concurrency"));
    NodeId id = new NodeId(UUID.randomUUID());
    work.register(info(id, config.name(), body), serves(config, body));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("worker", id.toString());
    fields.put("lease_ms", work.lease().toMillis());
    fields.put("heartbeat_ms", work.untilBeat().toMillis());
    return Answer.json(201, fields);
  }

  private static Serves serves(NodeConfig config, Fields body) {
    RecoveryPolicy recovery =
        body.isNull("recovery")
            ? RecoveryPolicy.RESUME
            : body.word("recovery", RecoveryPolicy.class);
    Map<String, RecoveryPolicy> types =
        Bodies.types(body).stream().collect(Collectors.toMap(type -> type, type -> recovery));
    return new Serves(config.queues(), types, config.capabilities(), config.concurrency());
  }

  /** Nobody here can see its process, so nothing of it is used as proof. */
  private static NodeInfo info(NodeId id, String name, Fields body) {
    String host = body.maybeText("host").map(WorkerRoutes::brief).orElse("remote");
    long processId = body.maybeNumber("process_id").orElse(0L);
    String version = body.maybeText("version").map(WorkerRoutes::brief).orElse("http");
    return new NodeInfo(id, name, host, processId, 0, "", "", version);
  }

  private static String brief(String text) {
    return Printable.brief(text, Limits.NAME_CHARS_MAX);
  }

  private Answer heartbeat(Exchange exchange) {
    Fields body = Bodies.read(exchange, HEARTBEAT_FIELDS);
    NodeId node = Bodies.worker(body);
    Optional<Set<Lease>> listed =
        body.isNull("jobs")
            ? Optional.empty()
            : Optional.of(new HashSet<>(body.list("jobs", job -> listed(node, job))));
    RemoteWork.Beat beat = work.heartbeat(node, listed, body.flag("draining"));
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("order", beat.order().name());
    fields.put("revoked", beat.revoked().stream().map(JobId::toString).toList());
    return Answer.ok(fields);
  }

  private static Lease listed(NodeId node, Fields job) {
    NewJobJson.checkFields("a job", job.node(), LISTED_FIELDS);
    Lease lease = Bodies.lease(JobId.parse(job.text("id")), job).lease();
    if (!lease.node().equals(node)) {
      throw new InvalidRequestException(
          "job %s was claimed by another worker, %s".formatted(lease.job(), lease.node()));
    }
    return lease;
  }

  private Answer leave(Exchange exchange) {
    work.leave(Bodies.worker(Bodies.read(exchange, names("worker"))));
    return Answer.nothing();
  }
}
