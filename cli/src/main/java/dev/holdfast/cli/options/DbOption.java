package dev.holdfast.cli.options;

import dev.holdfast.Holdfast;
import dev.holdfast.cli.log.LogUse;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.PrivateFiles;
import dev.holdfast.config.Configuration;
import dev.holdfast.config.Flag;
import dev.holdfast.config.Keys;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.PermissionException;
import dev.holdfast.http.client.ClientConfig;
import dev.holdfast.http.client.HttpJobQueue;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/**
 * The option that names the database or a server of it: {@code --db}, else the configured one, else
 * a file in the user's data folder.
 */
public final class DbOption {
  private static final Pattern SERVER = Pattern.compile("(jdbc:(?!sqlite:)[a-z]+|postgres(ql)?):");
  private static final Pattern SERVED = Pattern.compile("https?:", Pattern.CASE_INSENSITIVE);

  /** People wait for a command: less than programs do. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ConfigOption config;
  private final Console console;
  private @Nullable Configuration loaded;

  @Option(
      names = {"-d", "--db"},
      paramLabel = "DB",
      scope = ScopeType.INHERIT,
      description =
          "The database: the path of a file, or jdbc:postgresql://HOST/NAME, or postgres://…; or a"
              + " server of it: https://HOST. Default: $$HOLDFAST_DB, else that of the"
              + " configuration, else $$XDG_DATA_HOME/holdfast/holdfast.db.")
  private @Nullable String given;

  public DbOption(ConfigOption config, Console console) {
    this.config = config;
    this.console = console;
  }

  /** Loads the configuration, overridden by what the command was given; once. */
  public Configuration configure(List<Flag> flags, LogUse use) {
    if (loaded != null) {
      throw new IllegalStateException("the configuration was loaded before its flags: a bug");
    }
    List<Flag> all = new ArrayList<>(flags);
    if (given != null) {
      all.add(new Flag(Keys.DB, "--db", given));
    }
    loaded = config.load(all, use);
    return loaded;
  }

  /** The configuration of a command without flags for it. */
  public Configuration configuration() {
    return loaded == null ? configure(List.of(), LogUse.ACTION) : loaded;
  }

  /** Opens the queue, creating the database if there is none, or connects to its server. */
  public OpenQueue openQueue() {
    return isServed() ? reach() : OpenQueue.of(open());
  }

  /** Opens the queue, which must exist, or reaches its server. */
  public OpenQueue openExistingQueue() {
    return isServed() ? reach() : OpenQueue.of(openExisting());
  }

  private OpenQueue reach() {
    ClientConfig server = ClientConfig.of(serverAddress()).patience(PATIENCE);
    return OpenQueue.of(
        HttpJobQueue.connect(ServerToken.find(console).map(server::token).orElse(server)));
  }

  private URI serverAddress() {
    try {
      return new URI(address());
    } catch (URISyntaxException malformed) {
      throw new InvalidRequestException(
          "the address of the server is malformed: " + malformed.getReason(), malformed);
    }
  }

  private boolean isServed() {
    return SERVED.matcher(address()).lookingAt();
  }

  private void checkAtHand() {
    if (isServed()) {
      throw new InvalidRequestException(
          "this command works on the database itself, not through a server: run it where the"
              + " database can be reached, with its own address");
    }
  }

  /** Opens the queue itself, and creates it if there is none. */
  public Holdfast open() {
    checkAtHand();
    if (named().isEmpty()) {
      createParent();
    }
    return Holdfast.open(address()).stuckAfter(stuckAfter());
  }

  /** Opens the queue itself, as soon as it can be reached unless that must be at once. */
  public Holdfast open(boolean failsFast) throws InterruptedException {
    return failsFast ? open() : new DatabaseWait(console).until(() -> open());
  }

  /** Opens the queue itself, which must exist. */
  public Holdfast openExisting() {
    checkAtHand();
    return Holdfast.openExisting(address()).stuckAfter(stuckAfter());
  }

  /** As the monitor of a node would be configured. */
  private Duration stuckAfter() {
    return configuration().settings().node().monitor().jobTimeout();
  }

  /** Returns true if the database is a file, which belongs to this user. */
  public boolean isFile() {
    return !isServed() && !SERVER.matcher(address()).lookingAt();
  }

  /**
   * Returns the folder for files that belong to the database but hold no jobs: next to a database
   * file, or in the user's data folder for a database on a server.
   */
  public Path folder() {
    if (!isFile()) {
      String place = address().replaceFirst("[?].*$", "").replaceFirst("//[^/]*@", "//");
      String name = place.replaceAll("[^A-Za-z0-9.-]+", "_");
      return dataFolder().resolve(name + "-holdfast");
    }
    String path = address().replaceFirst("^jdbc:sqlite:", "").replaceFirst("\\?.*$", "");
    Path file = Path.of(path).toAbsolutePath().normalize();
    return file.resolveSibling(file.getFileName() + "-holdfast");
  }

  /** Returns the address of the database. */
  public String address() {
    return named().orElseGet(() -> defaultFile().toString());
  }

  private Optional<String> named() {
    return configuration().settings().db();
  }

  /** The database if nobody names one. */
  public Path defaultFile() {
    return dataFolder().resolve("holdfast.db");
  }

  private Path dataFolder() {
    Path data =
        console
            .variable("XDG_DATA_HOME")
            .map(Path::of)
            .orElseGet(() -> home().resolve(".local").resolve("share"));
    return data.resolve("holdfast");
  }

  private Path home() {
    return Path.of(console.variable("HOME").orElseGet(() -> System.getProperty("user.home")));
  }

  private void createParent() {
    Path parent = defaultFile().resolveSibling("");
    try {
      PrivateFiles.createFolder(parent);
    } catch (IOException failure) {
      throw new PermissionException(
          "the folder '%s' cannot be created: name a database with -d, or set HOLDFAST_DB"
              .formatted(parent),
          failure);
    }
  }
}
