package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobState;
import dev.holdfast.StorageException;
import dev.holdfast.cli.each.RunSpools;
import dev.holdfast.cli.terminal.PrivateFiles;
import dev.holdfast.config.Settings;
import dev.holdfast.handlers.exec.AllowedPrograms;
import dev.holdfast.handlers.exec.ExecHandler;
import dev.holdfast.handlers.exec.ExecPayload;
import dev.holdfast.handlers.exec.Spool;
import dev.holdfast.handlers.http.AllowedUrls;
import dev.holdfast.handlers.http.HttpHandler;
import dev.holdfast.handlers.http.HttpPayload;
import dev.holdfast.spi.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** The handlers of the types {@code exec} and {@code http} in a process that runs jobs. */
final class BuiltInHandlers {
  private final DbOption db;
  private final Settings settings;
  private final boolean isTrusting;
  private final TimeSource time;

  /**
   * @param isTrusting whether all may run, as only this user can enqueue; else what is allowed by
   *     the settings
   */
  BuiltInHandlers(DbOption db, Settings settings, boolean isTrusting, TimeSource time) {
    this.db = db;
    this.settings = settings;
    this.isTrusting = isTrusting;
    this.time = time;
  }

  /** Those of which something is allowed. */
  Set<String> types() {
    Set<String> types = new TreeSet<>();
    if (isTrusting || !settings.allowExec().isEmpty()) {
      types.add(ExecHandler.TYPE);
    }
    if (isTrusting || !settings.allowHttp().isEmpty()) {
      types.add(HttpHandler.TYPE);
    }
    return types;
  }

  /** Names the handlers of these types. @return what runs commands */
  ExecHandler addTo(Holdfast holdfast) {
    Set<String> types = types();
    ExecHandler commands =
        new ExecHandler(
            new RunSpools(db.folder(), spool(holdfast)),
            isTrusting ? AllowedPrograms.all() : AllowedPrograms.of(settings.allowExec()),
            time);
    if (types.contains(ExecHandler.TYPE)) {
      holdfast.handle(
          ExecHandler.TYPE, ExecPayload.class, commands, settings.type(ExecHandler.TYPE).handler());
    }
    if (types.contains(HttpHandler.TYPE)) {
      HttpHandler calls =
          new HttpHandler(
              isTrusting ? AllowedUrls.all() : AllowedUrls.of(settings.allowHttp()), time);
      holdfast.handle(
          HttpHandler.TYPE, HttpPayload.class, calls, settings.type(HttpHandler.TYPE).handler());
    }
    return commands;
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
