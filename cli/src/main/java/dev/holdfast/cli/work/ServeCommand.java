package dev.holdfast.cli.work;

import dev.holdfast.Holdfast;
import dev.holdfast.NodeConfig;
import dev.holdfast.cli.log.LogUse;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.SignalStop;
import dev.holdfast.cli.terminal.Signals;
import dev.holdfast.cli.terminal.Threads;
import dev.holdfast.config.Configuration;
import dev.holdfast.config.Flag;
import dev.holdfast.config.Keys;
import dev.holdfast.config.ServerSettings;
import dev.holdfast.config.Settings;
import dev.holdfast.config.WebhookSettings;
import dev.holdfast.error.PermissionException;
import dev.holdfast.handlers.exec.ExecHandler;
import dev.holdfast.handlers.webhook.Webhooks;
import dev.holdfast.http.DeliveryRedaction;
import dev.holdfast.http.Redaction;
import dev.holdfast.server.Server;
import dev.holdfast.server.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code holdfast serve}. */
@Command(
    name = "serve",
    header = "Serves the queue over HTTP and runs jobs, until it gets a signal to stop.",
    description = {
      "%nWithout tokens the server listens on this machine alone, and everybody there may do"
          + " everything; 'holdfast token create' ends that.",
      "%nJobs of the built-in types run as far as --allow-exec and --allow-http say, on every"
          + " database. Signals work as for 'holdfast work'."
    })
public final class ServeCommand implements Callable<Integer> {
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

  private final DbOption db;
  private final Console console;
  private final Consumer<Integer> halt;

  @Option(
      names = "--address",
      paramLabel = "ADDRESS",
      description = "Where to listen. Default: as configured, else 127.0.0.1.")
  private @Nullable String address;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "At which port; 0 for any that is free. Default: as configured, else 8484.")
  private @Nullable String port;

  @Option(
      names = "--behind-proxy",
      description = "A proxy in front takes care of TLS. Every caller needs a token.")
  private boolean isBehindProxy;

  @Option(
      names = "--tls-keystore",
      paramLabel = "FILE",
      description = "The PKCS 12 file with the certificate and its key. Default: as configured.")
  private @Nullable String keystore;

  @Option(
      names = "--tls-password-file",
      paramLabel = "FILE",
      description = "The file whose first line is its password. Default: as configured.")
  private @Nullable String passwordFile;

  @Option(
      names = "--allowed-host",
      paramLabel = "NAME",
      split = ",",
      description =
          "A name by which callers address the server, besides localhost and addresses. Default: as"
              + " configured.")
  private List<String> allowedHosts = List.of();

  @Option(
      names = "--no-workers",
      description = "Runs no jobs here. Recovery, schedules and other duties still run.")
  private boolean isWithoutWorkers;

  @Mixin private WorkerOptions worker = new WorkerOptions();

  public ServeCommand(DbOption db, Console console, Consumer<Integer> halt) {
    this.db = db;
    this.console = console;
    this.halt = halt;
  }

  @Override
  public Integer call() throws InterruptedException {
    Configuration configuration = db.configure(flags(), LogUse.SERVICE);
    Settings settings = configuration.settings();
    try (Holdfast holdfast = db.open(worker.failsFast())) {
      FileScheduleReport.declare(configuration, holdfast, console);
      ExecHandler commands = handlers(holdfast, settings);
      Server server = Server.start(holdfast, config(settings)); // ends with the queue
      NodeConfig node = node(settings);
      Banner banner =
          Banner.begin(
              "serve",
              configuration,
              db,
              node,
              Optional.of(server.uri().toString()),
              console.time());
      SignalStop stop =
          new SignalStop(
              holdfast, commands, settings.node().grace(), false, console, banner::end, halt);
      try (Signals signals = Signals.handle(stop)) {
        holdfast.start(node);
        console.line("listening on " + server.uri());
        console.line("console: " + consoleUrl(server, settings.server()));
        console.flush();
        if (!isWithoutWorkers) {
          BuiltInHandlers.hint(configuration).ifPresent(console::say);
        }
        while (!holdfast.isClosed()) {
          Threads.pause(LOOK_INTERVAL);
        }
      } finally {
        stop.awaitHalt();
      }
      holdfast.close(); // waits, where an operator's order closes it
      banner.end();
    }
    return ExitCodes.OK;
  }

  private static String consoleUrl(Server server, ServerSettings settings) {
    String base = settings.publicUrl().orElse(server.uri()).toString();
    return base.replaceFirst("/$", "") + "/ui/";
  }

  /** Adds the queue of deliveries where only some queues are served. */
  private NodeConfig node(Settings settings) {
    NodeConfig node = settings.node();
    if (isWithoutWorkers || node.queues().isEmpty() || node.queues().contains(Webhooks.QUEUE)) {
      return node;
    }
    List<String> queues = new ArrayList<>(node.queues());
    queues.add(Webhooks.QUEUE);
    return node.queues(queues.toArray(String[]::new));
  }

  private ExecHandler handlers(Holdfast holdfast, Settings settings) {
    if (!isWithoutWorkers) {
      WebhookSettings webhooks = settings.webhooks();
      Webhooks.addTo(
          holdfast,
          new Webhooks.Config(
              webhooks.mayCallLoopback(),
              webhooks.maxAttempts(),
              webhooks.initialDelay(),
              webhooks.maxDelay(),
              webhooks.alertInterval()),
          new DeliveryRedaction(Redaction.of(settings.redact()), holdfast::find)::of,
          console.time());
    }
    Settings allowed = isWithoutWorkers ? settings.withoutBuiltIns() : settings;
    return new BuiltInHandlers(db, allowed, Set.of(), console.time()).addTo(holdfast);
  }

  private ServerConfig config(Settings settings) {
    ServerSettings server = settings.server();
    ServerConfig config =
        ServerConfig.defaults()
            .address(server.address())
            .port(server.port())
            .behindProxy(server.isBehindProxy())
            .mayCallLoopback(settings.webhooks().mayCallLoopback())
            .allowedHosts(Set.copyOf(server.allowedHosts()))
            .attempts(
                type ->
                    type.equals(Webhooks.TYPE)
                        ? settings.webhooks().maxAttempts()
                        : settings.type(type).maxAttempts())
            .policies(type -> settings.type(type).handler())
            .redaction(Redaction.of(settings.redact()));
    ServerConfig reached = server.publicUrl().map(config::publicUrl).orElse(config);
    return server
        .keystore()
        .map(file -> reached.tls(new ServerConfig.Tls(file, password(server))))
        .orElse(reached);
  }

  private static String password(ServerSettings server) {
    return server.passwordFile().map(ServeCommand::firstLine).orElse("");
  }

  private static String firstLine(Path file) {
    try (var lines = Files.lines(file)) {
      return lines.findFirst().orElse("");
    } catch (IOException failure) {
      throw new PermissionException(
          "the password of the certificate cannot be read from '%s'".formatted(file), failure);
    }
  }

  private List<Flag> flags() {
    List<Flag> flags = new ArrayList<>(worker.flags());
    Flag.ifGiven(Keys.SERVER_ADDRESS, "--address", address).ifPresent(flags::add);
    Flag.ifGiven(Keys.SERVER_PORT, "--port", port).ifPresent(flags::add);
    Flag.ifGiven(Keys.SERVER_BEHIND_PROXY, "--behind-proxy", isBehindProxy ? "true" : null)
        .ifPresent(flags::add);
    Flag.ifGiven(Keys.SERVER_TLS_KEYSTORE, "--tls-keystore", keystore).ifPresent(flags::add);
    Flag.ifGiven(Keys.SERVER_TLS_PASSWORD_FILE, "--tls-password-file", passwordFile)
        .ifPresent(flags::add);
    Flag.ifGiven(
            Keys.SERVER_ALLOWED_HOSTS,
            "--allowed-host",
            allowedHosts.isEmpty() ? null : String.join(",", allowedHosts))
        .ifPresent(flags::add);
    return flags;
  }
}
