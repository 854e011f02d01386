package dev.holdfast.server;

import dev.holdfast.Holdfast;
import dev.holdfast.JobQueue;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.PermissionException;
import dev.holdfast.handlers.webhook.Webhooks;
import dev.holdfast.http.DeliveryRedaction;
import dev.holdfast.server.access.Gate;
import dev.holdfast.server.access.OpenAnswers;
import dev.holdfast.server.access.Sessions;
import dev.holdfast.server.access.SigningKeys;
import dev.holdfast.server.api.AlertRoutes;
import dev.holdfast.server.api.AuditRoutes;
import dev.holdfast.server.api.BulkOperationRoutes;
import dev.holdfast.server.api.BulkRoutes;
import dev.holdfast.server.api.ConsoleRoutes;
import dev.holdfast.server.api.DocsRoutes;
import dev.holdfast.server.api.DocumentRoutes;
import dev.holdfast.server.api.EventRoutes;
import dev.holdfast.server.api.FacetRoutes;
import dev.holdfast.server.api.FailureRoutes;
import dev.holdfast.server.api.JobRoutes;
import dev.holdfast.server.api.LimitRoutes;
import dev.holdfast.server.api.MaintenanceRoutes;
import dev.holdfast.server.api.MetricsRoutes;
import dev.holdfast.server.api.NodeRoutes;
import dev.holdfast.server.api.QueueRoutes;
import dev.holdfast.server.api.RecoveryRoutes;
import dev.holdfast.server.api.Rendering;
import dev.holdfast.server.api.ScheduleRoutes;
import dev.holdfast.server.api.SessionRoutes;
import dev.holdfast.server.api.StatsRoutes;
import dev.holdfast.server.api.StatusRoutes;
import dev.holdfast.server.api.TokenRoutes;
import dev.holdfast.server.api.WebhookRoutes;
import dev.holdfast.server.events.Events;
import dev.holdfast.server.metrics.Meters;
import dev.holdfast.server.route.Hosts;
import dev.holdfast.server.route.RequestPipeline;
import dev.holdfast.server.route.Route;
import dev.holdfast.server.route.RouteTable;
import dev.holdfast.server.undertow.Capacity;
import dev.holdfast.server.undertow.Listener;
import dev.holdfast.server.worker.AttemptRoutes;
import dev.holdfast.server.worker.ClaimRoutes;
import dev.holdfast.server.worker.RemoteWork;
import dev.holdfast.server.worker.StepRoutes;
import dev.holdfast.server.worker.WorkerRoutes;
import dev.holdfast.spi.Companion;
import dev.holdfast.spi.Insights;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.server.ServerStores;
import dev.holdfast.spi.server.TokenRecord;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Serves a queue over HTTP in this process. The caller keeps the queue, which must outlive the
 * server and may also run a node.
 */
public final class Server implements AutoCloseable {
  private final Listener listener;
  private final Events events;
  private final RouteTable table;
  private final boolean isSecure;
  private final Scheduler scheduler;
  private final Scheduler tokenLooks;
  private final OpenAnswers openAnswers;
  private final RemoteWork work;
  private final AtomicBoolean isStopping;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private Server(
      Listener listener,
      Events events,
      RouteTable table,
      boolean isSecure,
      Scheduler scheduler,
      Scheduler tokenLooks,
      OpenAnswers openAnswers,
      RemoteWork work,
      AtomicBoolean isStopping) {
    this.listener = listener;
    this.events = events;
    this.table = table;
    this.isSecure = isSecure;
    this.scheduler = scheduler;
    this.tokenLooks = tokenLooks;
    this.openAnswers = openAnswers;
    this.work = work;
    this.isStopping = isStopping;
  }

  /**
   * Starts to serve a queue. The server stops with the queue: while the queue waits for its
   * handlers, the server still responds, so that remote workers can acknowledge their jobs. It
   * hands out no more jobs, and {@code /readyz} fails so that new callers use another server.
   *
   * @throws InvalidRequestException if it must not or cannot listen there; the message has the
   *     reason and a fix
   */
  public static Server start(Holdfast holdfast, ServerConfig config) {
    return start(holdfast, config, Capacity.defaults());
  }

  /** Starts a server with a smaller capacity, so that tests reach the limits. */
  static Server start(Holdfast holdfast, ServerConfig config, Capacity capacity) {
    TimeSource time = holdfast.embedding().time();
    InetSocketAddress address = addressOf(config);
    boolean isForAll = address.getAddress().isLoopbackAddress() && !config.isBehindProxy();
    if (!isForAll) {
      checkExposed(holdfast, config);
    }
    Optional<SSLContext> tls = config.tls().map(Server::context);
    Scheduler scheduler = holdfast.embedding().newScheduler("server");
    Scheduler tokenLooks =
        holdfast.embedding().newScheduler("tokens"); // claims that wait must not delay them
    RemoteWork work =
        new RemoteWork(
            holdfast.embedding().store(), time, scheduler, config.policies(), config.workerLease());
    Events events = new Events(holdfast, time);
    AtomicBoolean isStopping = new AtomicBoolean();
    try {
      Gate gate = new Gate(holdfast.embedding().store().server().tokens(), isForAll, time);
      AtomicInteger port = new AtomicInteger(config.port());
      boolean isHttps = tls.isPresent() || config.isBehindProxy();
      SigningKeys keys = new SigningKeys(holdfast.embedding().server().leaseKeys(), time);
      Sessions sessions = new Sessions(keys, time, port::get, isHttps, config.publicUrl());
      List<Route> routes = routes(holdfast, config, time, work, events, isStopping::get);
      routes.addAll(new SessionRoutes(gate, sessions, time).routes());
      RouteTable table = new RouteTable(routes);
      OpenAnswers openAnswers = new OpenAnswers(gate, tokenLooks);
      RequestPipeline requestPipeline =
          new RequestPipeline(
              table,
              gate,
              sessions,
              openAnswers,
              new Hosts(config.allowedHosts(), config.publicUrl(), isHttps),
              holdfast.embedding().store().server().audit(),
              () -> holdfast.queue().newId().toString());
      Listener listener = new Listener(requestPipeline, address, tls, capacity);
      port.set(listener.address().getPort());
      Server server =
          new Server(
              listener,
              events,
              table,
              tls.isPresent(),
              scheduler,
              tokenLooks,
              openAnswers,
              work,
              isStopping);
      holdfast.closeWith(server.new Ending());
      return server;
    } catch (RuntimeException | Error failure) {
      events.close();
      work.close();
      scheduler.close();
      tokenLooks.close();
      throw failure;
    }
  }

  private static List<Route> routes(
      Holdfast holdfast,
      ServerConfig config,
      TimeSource time,
      RemoteWork work,
      Events events,
      BooleanSupplier isStopping) {
    Rendering rendering = new Rendering(config.redaction());
    JobQueue queue = holdfast.queue();
    JobStore store = holdfast.embedding().store();
    Insights insights = store.insights();
    ServerStores kept = store.server();
    List<Route> routes = new ArrayList<>();
    routes.addAll(new BulkRoutes(holdfast, rendering).routes());
    routes.addAll(new QueueRoutes(queue).routes());
    routes.addAll(new LimitRoutes(queue).routes());
    routes.addAll(new DocumentRoutes().routes());
    routes.addAll(new DocsRoutes().routes());
    routes.addAll(new ConsoleRoutes().routes());
    routes.addAll(new AuditRoutes(kept.audit()).routes());
    routes.addAll(new WorkerRoutes(work).routes());
    routes.addAll(new ClaimRoutes(work, Listener.WAIT_MAX).routes());
    routes.addAll(new AttemptRoutes(work).routes());
    routes.addAll(new StepRoutes(work, store, queue, config.attempts()).routes());
    int deliveryAttempts = config.attempts().applyAsInt(Webhooks.TYPE);
    routes.addAll(
        new WebhookRoutes(
                kept.webhooks(),
                queue::newId,
                deliveryAttempts,
                new DeliveryRedaction(config.redaction(), holdfast::find),
                config.mayCallLoopback())
            .routes());
    routes.addAll(new AlertRoutes(kept.alerts()).routes());
    routes.addAll(
        new JobRoutes(holdfast, rendering, config.attempts(), Listener.WAIT_MAX).routes());
    routes.addAll(
        new StatusRoutes(queue, rendering, time, isStopping, store.maintenance()::checkReady)
            .routes());
    routes.addAll(new NodeRoutes(queue.nodes(), time).routes());
    routes.addAll(new ScheduleRoutes(queue.schedules(), rendering, config.attempts()).routes());
    routes.addAll(new TokenRoutes(kept.tokens()).routes());
    routes.addAll(new MaintenanceRoutes(queue, store.maintenance().upkeep(), time).routes());
    routes.addAll(new FailureRoutes(queue.failures(), time).routes());
    routes.addAll(new RecoveryRoutes(queue.metrics()).routes());
    routes.addAll(new BulkOperationRoutes(queue.bulkOperations(), rendering).routes());
    routes.addAll(new FacetRoutes(insights, rendering).routes());
    routes.addAll(new StatsRoutes(insights, queue.metrics(), time).routes());
    routes.addAll(new EventRoutes(events).routes());
    routes.addAll(new MetricsRoutes(new Meters(holdfast, events::open)).routes());
    return routes;
  }

  private static InetSocketAddress addressOf(ServerConfig config) {
    try {
      return new InetSocketAddress(InetAddress.getByName(config.address()), config.port());
    } catch (UnknownHostException unknown) {
      throw new InvalidRequestException(
          "cannot listen at '%s': there is no such address".formatted(config.address()), unknown);
    }
  }

  /** Checks that a server that other machines can reach requires tokens and encrypts them. */
  private static void checkExposed(Holdfast holdfast, ServerConfig config) {
    boolean hasTokens =
        holdfast.embedding().server().tokens().list().stream().anyMatch(TokenRecord::valid);
    if (!hasTokens) {
      throw new InvalidRequestException(
          "without a token everybody who can reach %s could do everything: create one with 'holdfast token create NAME --role admin', or listen on 127.0.0.1"
              .formatted(config.isBehindProxy() ? "the proxy" : config.address()));
    }
    if (config.tls().isEmpty() && !config.isBehindProxy()) {
      throw new InvalidRequestException(
          "on %s tokens would be sent unencrypted: set a certificate with --tls-keystore, or use --behind-proxy if a proxy in front has one"
              .formatted(config.address()));
    }
  }

  private static SSLContext context(ServerConfig.Tls tls) {
    char[] password = tls.password().toCharArray();
    try (InputStream file = Files.newInputStream(tls.keystore())) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(file, password);
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (IOException | GeneralSecurityException failure) {
      throw new PermissionException(
          "the certificate in '%s' cannot be read: %s"
              .formatted(tls.keystore(), failure.getMessage()),
          failure);
    }
  }

  /** Returns the number of responses that wait for something to happen. */
  int waiting() {
    return listener.waiting();
  }

  /** Returns its URI for this machine, such as {@code http://127.0.0.1:8484}. */
  public URI uri() {
    InetSocketAddress address = listener.address();
    String host = address.getAddress().getHostAddress();
    return URI.create(
        "%s://%s:%d"
            .formatted(
                isSecure ? "https" : "http",
                host.contains(":") ? "[" + host + "]" : host,
                address.getPort()));
  }

  /** Returns all routes. */
  List<Route> routes() {
    return table.routes();
  }

  /** Returns the number of open streams and waiting requests. */
  int openAnswers() {
    return openAnswers.count();
  }

  private final class Ending implements Companion {
    @Override
    public void queueCloses() {
      isStopping.set(true);
      work.holdClaims();
    }

    @Override
    public void close() {
      Server.this.close();
    }
  }

  /**
   * Ends the event streams, accepts no more requests, waits for those in progress, and closes its
   * port. The queue stays open.
   */
  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      events.close();
      work.close(); // completes the waiting requests
      listener.close();
      scheduler.close();
      tokenLooks.close();
    }
  }
}
