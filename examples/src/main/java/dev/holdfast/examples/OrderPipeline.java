package dev.holdfast.examples;

import dev.holdfast.Holdfast;
import dev.holdfast.JobContext;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.Predecessor;
import dev.holdfast.jdbc.JdbcTransaction;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** An order from its payment to the letter of thanks, in one handler of several steps. */
public final class OrderPipeline {
  private final String url;
  private final Duration coolDown;
  private final List<String> outside = new CopyOnWriteArrayList<>(); // what a bank and others see

  private OrderPipeline(String file, Duration coolDown) {
    this.url = "jdbc:sqlite:" + file;
    this.coolDown = coolDown;
  }

  /** Prints what happened outside; the queue's file is the first argument. */
  public static void main(String[] args) throws Exception {
    System.out.println(order(args.length > 0 ? args[0] : "jobs.db", true));
  }

  /** Runs one order, which is approved or not, and returns what happened outside. */
  static List<String> order(String file, boolean isApproved) throws Exception {
    OrderPipeline pipeline =
        new OrderPipeline(file, Duration.ofMillis(isApproved ? 20 : 1)); // a day, in earnest
    try (Holdfast holdfast = Holdfast.open(file)) {
      pipeline.createTable();
      holdfast.handle("order", String.class, pipeline::run);
      holdfast.handle("parcel", String.class, (part, job) -> "parcel with " + part);
      holdfast.start();
      JobId id = holdfast.enqueue(NewJob.of("order", "A-1")).id();
      if (isApproved) {
        // snippet: signal
        holdfast.queue().signal(id, "approval", "Ada", "the web form");
        // end
      }
      pipeline.outside.add(
          holdfast.await(id, Duration.ofSeconds(30)).get().result(String.class).orElseThrow());
      return List.copyOf(pipeline.outside);
    }
  }

  // snippet: pipeline
  private String run(String order, JobContext job) throws Exception {
    String receipt = job.step("charge", String.class, () -> charge(order, job.id() + "-charge"));
    try (Connection connection = connect()) {
      job.stepIn(
          JdbcTransaction.of(connection),
          "reserve",
          Integer.class,
          () -> reserve(connection, order));
      connection.commit(); // the reservation and the step, or neither
    }
    Optional<String> approval = job.awaitSignal("approval", String.class, approvalTime());
    if (approval.isEmpty()) {
      job.step("refund", () -> refund(receipt));
      return "refunded";
    }
    List<Predecessor> parcels = job.await("parcels", parcelsOf(order));
    job.sleep("cool-down", coolDown);
    job.step("thank", () -> thank(order, parcels.size()));
    return "approved by " + approval.get();
  }

  // end

  private Duration approvalTime() {
    return coolDown.toMillis() > 1 ? Duration.ofDays(3) : coolDown;
  }

  private String charge(String order, String key) {
    outside.add("charged " + order);
    return "receipt " + key.length();
  }

  private static int reserve(Connection connection, String order) throws SQLException {
    String sql = "insert into reservations values (?)";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, order);
      return statement.executeUpdate();
    }
  }

  private void refund(String receipt) {
    outside.add("refunded " + receipt.split(" ", -1)[0]);
  }

  private static List<NewJob> parcelsOf(String order) {
    return Stream.of("a book", "a lamp").map(part -> NewJob.of("parcel", order + part)).toList();
  }

  private void thank(String order, int parcels) {
    outside.add("thanked for %s in %d parcels".formatted(order, parcels));
  }

  private Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection(url + "?busy_timeout=60000");
    connection.setAutoCommit(false);
    return connection;
  }

  private void createTable() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("create table if not exists reservations (name text not null)");
      connection.commit();
    }
  }
}
