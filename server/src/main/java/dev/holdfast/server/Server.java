package dev.holdfast.server;

import dev.holdfast.Holdfast;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.PermissionException;
import dev.holdfast.handlers.webhook.Webhooks;
import dev.holdfast.http.DeliveryRedaction;
import dev.holdfast.server.access.Gate;
import dev.holdfast.server.api.AlertRoutes;
import dev.holdfast.server.api.BulkRoutes;
import dev.holdfast.server.api.DocsRoutes;
import dev.holdfast.server.api.DocumentRoutes;
import dev.holdfast.server.api.EventRoutes;
import dev.holdfast.server.api.JobRoutes;
import dev.holdfast.server.api.LimitRoutes;
import dev.holdfast.server.api.MaintenanceRoutes;
import dev.holdfast.server.api.Meters;
import dev.holdfast.server.api.MetricsRoutes;
import dev.holdfast.server.api.NodeRoutes;
import dev.holdfast.server.api.QueueRoutes;
import dev.holdfast.server.api.Rendering;
import dev.holdfast.server.api.ScheduleRoutes;
import dev.holdfast.server.api.StatsRoutes;
import dev.holdfast.server.api.StatusRoutes;
import dev.holdfast.server.api.TokenRoutes;
import dev.holdfast.server.api.WebhookRoutes;
import dev.holdfast.server.events.Events;
import dev.holdfast.server.route.Hosts;
import dev.holdfast.server.route.Route;
import dev.holdfast.server.route.RouteTable;
import dev.holdfast.server.route.Site;
import dev.holdfast.server.undertow.Capacity;
import dev.holdfast.server.undertow.Listener;
import dev.holdfast.server.worker.AttemptRoutes;
import dev.holdfast.server.worker.ClaimRoutes;
import dev.holdfast.server.worker.RemoteWork;
import dev.holdfast.server.worker.WorkerRoutes;
import dev.holdfast.spi.Companion;
import dev.holdfast.spi.Insights;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.TokenRecord;
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
import java.util.function.BooleanSupplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A queue over HTTP, in this process. The queue stays its owner's: it must outlive the server, and
 * may run a node beside it.
 */
public final class Server implements AutoCloseable {
  private final Listener listener;
  private final Events events;
  private final RouteTable table;
  private final boolean isSecure;
  private final Scheduler scheduler;
  private final RemoteWork work;
  private final AtomicBoolean isStopping;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private Server(
      Listener listener,
      Events events,
      RouteTable table,
      boolean isSecure,
      Scheduler scheduler,
      RemoteWork work,
      AtomicBoolean isStopping) {
    this.listener = listener;
    this.events = events;
    this.table = table;
    this.isSecure = isSecure;
    this.scheduler = scheduler;
    this.work = work;
    this.isStopping = isStopping;
  }

  /**
   * Starts to serve a queue. It ends with the queue: while that waits for its handlers, the server
   * still answers, so that workers elsewhere can tell how their jobs ended; it gives no more jobs
   * away, and {@code /readyz} says that new callers should go elsewhere.
   *
   * @throws InvalidRequestException if it must not listen there, or cannot; the message says why
   *     and what to do
   */
  public static Server start(Holdfast holdfast, ServerConfig config) {
    return start(holdfast, config, Capacity.defaults());
  }

  /** The same for fewer, so that tests reach the limits. */
  static Server start(Holdfast holdfast, ServerConfig config, Capacity capacity) {
    TimeSource time = holdfast.time();
    InetSocketAddress address = addressOf(config);
    boolean isForAll = address.getAddress().isLoopbackAddress() && !config.isBehindProxy();
    if (!isForAll) {
      checkExposed(holdfast, config);
    }
    Optional<SSLContext> tls = config.tls().map(Server::context);
    Scheduler scheduler = holdfast.newScheduler("server");
    RemoteWork work =
        new RemoteWork(holdfast.store(), time, scheduler, config.policies(), config.workerLease());
    Events events = new Events(holdfast, time);
    AtomicBoolean isStopping = new AtomicBoolean();
    try {
      RouteTable table =
          new RouteTable(routes(holdfast, config, time, work, events, isStopping::get));
      Site site =
          new Site(
              table,
              new Gate(holdfast.tokens(), isForAll, time),
              new Hosts(config.allowedHosts()),
              holdfast.audit(),
              () -> holdfast.newId().toString());
      Listener listener = new Listener(site, address, tls, capacity);
      Server server =
          new Server(listener, events, table, tls.isPresent(), scheduler, work, isStopping);
      holdfast.accompany(server.new Ending());
      return server;
    } catch (RuntimeException | Error failure) {
      events.close();
      work.close();
      scheduler.close();
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
    Insights insights = holdfast.store().insights();
    List<Route> routes = new ArrayList<>();
    routes.addAll(new BulkRoutes(holdfast).routes());
    routes.addAll(new QueueRoutes(holdfast).routes());
    routes.addAll(new LimitRoutes(holdfast).routes());
    routes.addAll(new DocumentRoutes().routes());
    routes.addAll(new DocsRoutes().routes());
    routes.addAll(new WorkerRoutes(work).routes());
    routes.addAll(new ClaimRoutes(work, Listener.WAIT_MAX).routes());
    routes.addAll(new AttemptRoutes(work).routes());
    int deliveryAttempts = config.attempts().applyAsInt(Webhooks.TYPE);
    routes.addAll(
        new WebhookRoutes(
                holdfast.webhooks(),
                holdfast::newId,
                deliveryAttempts,
                new DeliveryRedaction(config.redaction(), holdfast::find))
            .routes());
    routes.addAll(new AlertRoutes(holdfast.alerts()).routes());
    routes.addAll(
        new JobRoutes(holdfast, rendering, config.attempts(), Listener.WAIT_MAX).routes());
    routes.addAll(new StatusRoutes(holdfast, rendering, time, isStopping).routes());
    routes.addAll(new NodeRoutes(holdfast, insights, time).routes());
    routes.addAll(new ScheduleRoutes(holdfast.schedules(), rendering, config.attempts()).routes());
    routes.addAll(new TokenRoutes(holdfast.tokens()).routes());
    routes.addAll(new MaintenanceRoutes(holdfast, holdfast.upkeep(), time).routes());
    routes.addAll(new StatsRoutes(insights).routes());
    routes.addAll(new EventRoutes(events).routes());
    routes.addAll(new MetricsRoutes(new Meters(insights, events::open, time)).routes());
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

  /** Whoever can be reached by others asks for tokens, and lets nobody read them on their way. */
  private static void checkExposed(Holdfast holdfast, ServerConfig config) {
    boolean hasTokens = holdfast.tokens().list().stream().anyMatch(TokenRecord::valid);
    if (!hasTokens) {
      throw new InvalidRequestException(
          "without a token everybody who reaches %s could do everything: create one with 'holdfast token create NAME --role admin', or listen on 127.0.0.1"
              .formatted(config.isBehindProxy() ? "the proxy" : config.address()));
    }
    if (config.tls().isEmpty() && !config.isBehindProxy()) {
      throw new InvalidRequestException(
          "on %s tokens would travel unencrypted: give a certificate with --tls-keystore, or say --behind-proxy if a proxy in front has one"
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

  /** Where it can be reached from this machine, such as {@code http://127.0.0.1:8484}. */
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

  /** All that can be asked of it. */
  List<Route> routes() {
    return table.routes();
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
   * Ends the streams of events, takes no more requests, lets those that are under way end, and
   * stops to listen. The queue stays open.
   */
  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      events.close();
      work.close(); // answers those that wait
      listener.close();
      scheduler.close();
    }
  }
}
