package dev.holdfast.cli.work;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.cli.each.RunSpools;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.PrivateFiles;
import dev.holdfast.config.Configuration;
import dev.holdfast.config.Keys;
import dev.holdfast.config.Settings;
import dev.holdfast.error.StorageException;
import dev.holdfast.handlers.exec.AllowedPrograms;
import dev.holdfast.handlers.exec.ExecHandler;
import dev.holdfast.handlers.exec.ExecPayload;
import dev.holdfast.handlers.exec.OrphanedCommands;
import dev.holdfast.handlers.exec.Spool;
import dev.holdfast.handlers.http.AllowedUrls;
import dev.holdfast.handlers.http.HttpHandler;
import dev.holdfast.handlers.http.HttpPayload;
import dev.holdfast.spi.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/** The handlers of the types {@code exec} and {@code http} in a process that runs jobs. */
final class BuiltInHandlers {
  private final DbOption db;
  private final Settings settings;
  private final Set<String> trusted;
  private final TimeSource time;

  /**
   * @param trusted the types of which everything is allowed; of the others, what the settings name
   */
  BuiltInHandlers(DbOption db, Settings settings, Set<String> trusted, TimeSource time) {
    this.db = db;
    this.settings = settings;
    this.trusted = trusted;
    this.time = time;
  }

  /**
   * The types of which everything is allowed: on a file, where only this user can enqueue, those of
   * which nobody has said what is.
   */
  static Set<String> trusted(DbOption db, Configuration configuration) {
    Set<String> trusted = new TreeSet<>();
    if (db.isFile() && !configuration.says(Keys.WORKER_ALLOW_EXEC)) {
      trusted.add(ExecHandler.TYPE);
    }
    if (db.isFile() && !configuration.says(Keys.WORKER_ALLOW_HTTP)) {
      trusted.add(HttpHandler.TYPE);
    }
    return trusted;
  }

  /** Those of which something is allowed. */
  Set<String> types() {
    Set<String> types = new TreeSet<>(trusted);
    if (!settings.allowExec().isEmpty()) {
      types.add(ExecHandler.TYPE);
    }
    if (!settings.allowHttp().isEmpty()) {
      types.add(HttpHandler.TYPE);
    }
    return types;
  }

  /** A hint for users whose jobs of a built-in type would wait for another node, or empty. */
  static Optional<String> hint(Configuration configuration) {
    List<String> options = new ArrayList<>();
    if (!configuration.says(Keys.WORKER_ALLOW_EXEC)) {
      options.add("type 'exec' until --allow-exec names their programs");
    }
    if (!configuration.says(Keys.WORKER_ALLOW_HTTP)) {
      options.add("type 'http' until --allow-http names their URLs");
    }
    return options.isEmpty()
        ? Optional.empty()
        : Optional.of("runs no jobs of " + String.join(", and none of ", options));
  }

  /** Names the handlers of these types. @return what runs commands */
  ExecHandler addTo(Holdfast holdfast) {
    Set<String> types = types();
    ExecHandler commands =
        new ExecHandler(
            new RunSpools(db.folder(), spool(holdfast)),
            trusted.contains(ExecHandler.TYPE)
                ? AllowedPrograms.all()
                : AllowedPrograms.of(settings.allowExec()),
            time);
    if (types.contains(ExecHandler.TYPE)) {
      holdfast.handle(
          ExecHandler.TYPE, ExecPayload.class, commands, settings.type(ExecHandler.TYPE).handler());
      holdfast.duty(
          "orphaned commands", new OrphanedCommands(job -> newestToken(holdfast, job), time));
    }
    if (types.contains(HttpHandler.TYPE)) {
      AllowedUrls urls =
          trusted.contains(HttpHandler.TYPE)
              ? AllowedUrls.all()
              : AllowedUrls.of(settings.allowHttp());
      HttpHandler calls = new HttpHandler(urls, time);
      holdfast.handle(
          HttpHandler.TYPE, HttpPayload.class, calls, settings.type(HttpHandler.TYPE).handler());
    }
    return commands;
  }

  private static OptionalLong newestToken(Holdfast holdfast, JobId id) {
    return holdfast.find(id).map(job -> OptionalLong.of(job.token())).orElse(OptionalLong.empty());
  }

  /** The folder for the output of commands, without what killed workers left there. */
  private Path spool(Holdfast holdfast) {
    try {
      Path spool = PrivateFiles.createFolder(db.folder().resolve("spool"));
      for (Spool.Name name : Spool.names(spool)) {
        if (holdfast.find(name.job()).filter(job -> isRunning(job, name.token())).isEmpty()) {
          name.delete(spool);
        }
      }
      return spool;
    } catch (IOException failure) {
      throw new StorageException(
          "no folder for the output of commands: " + failure.getMessage(), failure);
    }
  }

  private static boolean isRunning(Job job, long token) {
    return job.state() == JobState.RUNNING && job.token() == token;
  }
}
