package dev.holdfast.testkit.sql;

import dev.holdfast.Holdfast;
import dev.holdfast.JobContext;
import dev.holdfast.NewJob;
import dev.holdfast.Transaction;
import dev.holdfast.step.JobSuspended;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * An order that passes through steps of every kind, and whose process kills itself at one of its
 * places. Each of its effects is a row in the queue's own database, written in the transaction that
 * records the step.
 */
public final class StepPipeline {
  /** The effects of one order, each of which must stand there once. */
  public static final List<String> EFFECTS =
      List.of("charged", "completed", "part 1", "part 2", "shipped");

  /** The places at which a process can be killed, in the order in which an order passes them. */
  public static final List<String> PLACES =
      List.of(
          "before charge",
          "within charge",
          "before the commit of charge",
          "after charge",
          "before nap",
          "shortly after nap has begun",
          "after nap",
          "before parts",
          "shortly after parts have begun",
          "after parts",
          "before approval",
          "shortly after approval has begun",
          "after approval",
          "before the commit of ship",
          "after ship",
          "before the commit of the end",
          "after the commit of the end");

  private static final Duration NAP = Duration.ofMillis(50);

  private final String url;
  private final Function<Connection, Transaction> transactions;
  private final Function<JobContext, String> dying; // the place at which to die; empty for none

  /**
   * Creates the pipeline over the database at a JDBC URL.
   *
   * @param transactions makes the queue's transaction of a connection
   * @param dying returns the place at which the process of an attempt dies, or an empty text
   */
  public StepPipeline(
      String url,
      Function<Connection, Transaction> transactions,
      Function<JobContext, String> dying) {
    this.url = url;
    this.transactions = transactions;
    this.dying = dying;
  }

  /** Creates the table of effects. */
  public void createTable() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create table effects (job varchar(100), name varchar(100))");
      connection.commit();
    }
  }

  /** Returns the effects of an order in alphabetical order. */
  public List<String> effects(String order) throws SQLException {
    List<String> effects = new ArrayList<>();
    try (Connection connection = connect();
        PreparedStatement query =
            connection.prepareStatement("select name from effects where job = ? order by name")) {
      query.setString(1, order);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          effects.add(rows.getString(1));
        }
      }
    }
    return effects;
  }

  /** Registers the handlers of an order and of its parts. */
  public void handleIn(Holdfast holdfast) {
    holdfast.handle("order", String.class, this::order);
    holdfast.handle("part", String.class, this::part);
  }

  /** Runs the handlers until this process is killed. */
  public void run(String address) throws InterruptedException {
    try (Holdfast holdfast = Holdfast.open(address)) {
      handleIn(holdfast);
      holdfast.start();
      new CountDownLatch(1).await();
    }
  }

  private Object order(String order, JobContext job) throws Exception {
    String place = dying.apply(job);
    dieAt("before charge", place);
    step(order, job, "charge", "charged", place);
    dieAt("after charge", place);
    waiting("nap", place, () -> job.sleep("nap", NAP));
    waiting("parts", place, () -> job.await("parts", parts(order)));
    waiting(
        "approval", place, () -> job.awaitSignal("approval", String.class, Duration.ofHours(1)));
    step(order, job, "ship", "shipped", place);
    dieAt("after ship", place);
    try (Connection connection = connect()) {
      write(connection, order, "completed");
      job.completeIn(transactions.apply(connection), "done");
      dieAt("before the commit of the end", place);
      connection.commit();
    }
    dieAt("after the commit of the end", place);
    return "done";
  }

  private void step(String order, JobContext job, String step, String effect, String place)
      throws Exception {
    try (Connection connection = connect()) {
      String unused =
          job.stepIn(
              transactions.apply(connection),
              step,
              String.class,
              () -> {
                write(connection, order, effect);
                dieAt("within " + step, place);
                return effect;
              });
      dieAt("before the commit of " + step, place);
      connection.commit();
    }
  }

  private static void waiting(String step, String place, Runnable wait) {
    dieAt("before " + step, place);
    try {
      wait.run();
    } catch (JobSuspended suspended) {
      if (place.startsWith("shortly after " + step)) {
        Thread killer = new Thread(StepPipeline::dieSoon, "killer");
        killer.setDaemon(true);
        killer.start();
      }
      throw suspended;
    }
    dieAt("after " + step, place);
  }

  private static List<NewJob> parts(String order) {
    return Stream.of("1", "2").map(part -> NewJob.of("part", order + "/" + part)).toList();
  }

  private Object part(String payload, JobContext job) throws Exception {
    String[] parts = payload.split("/", -1);
    try (Connection connection = connect()) {
      write(connection, parts[0], "part " + parts[1]);
      job.completeIn(transactions.apply(connection), null);
      connection.commit();
    }
    return "done";
  }

  private static void write(Connection connection, String order, String effect)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("insert into effects (job, name) values (?, ?)")) {
      insert.setString(1, order);
      insert.setString(2, effect);
      insert.executeUpdate();
    }
  }

  private Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection(url);
    connection.setAutoCommit(false);
    return connection;
  }

  private static void dieAt(String here, String place) {
    if (here.equals(place)) {
      die();
    }
  }

  /** While the end of the attempt is on its way to the store, or has just arrived there. */
  private static void dieSoon() {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(12));
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
    }
    die();
  }

  private static void die() {
    try {
      new ProcessBuilder("kill", "-9", Long.toString(ProcessHandle.current().pid())).start();
      new CountDownLatch(1).await();
    } catch (IOException | InterruptedException impossible) {
      throw new IllegalStateException("could not kill this process", impossible);
    }
  }
}
