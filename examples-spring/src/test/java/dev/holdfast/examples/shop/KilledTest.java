package dev.holdfast.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.JobState;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The shop, killed under load and started again. */
@Tag("slow")
@Tag("R-62")
class KilledTest {
  private static final int KILLS = 5;
  private static final long BETWEEN_KILLS = 60;

  private static final String NO_DEVTOOLS = "--spring.devtools.restart.enabled=false";
  private static final String PURCHASES = "select count(*) from purchases";
  private static final String INVOICES = "select count(*) from invoices";
  private static final String OPEN_JOBS =
      "select count(*) from holdfast.jobs where type = 'invoice' and state <> 'COMPLETED'";

  @TempDir Path folder;

  /** The shop, with customers who buy without end. */
  static final class Busy {
    private Busy() {}

    public static void main(String[] args) {
      ConfigurableApplicationContext context = SpringApplication.run(ShopApplication.class, args);
      Counter counter = context.getBean(Counter.class);
      for (int number = 0; ; number++) {
        counter.buy("customer-" + number, "lamp");
      }
    }
  }

  private static long count(String url, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  private static boolean isAtLeast(long least, String url, String sql) {
    try {
      return count(url, sql) >= least;
    } catch (SQLException notYet) {
      return false; // the first start makes the tables
    }
  }

  @Test
  void loses_nothing_when_it_is_killed_under_load() throws Exception {
    String url = TestDatabase.fresh();
    for (int kill = 0; kill < KILLS; kill++) {
      long enough = BETWEEN_KILLS + (kill == 0 ? 0 : count(url, INVOICES));
      try (ShopProcess shop = ShopProcess.start(Busy.class, folder, url, NO_DEVTOOLS)) {
        shop.await("invoices are written", () -> isAtLeast(enough, url, INVOICES));
      }
    }

    long purchases = count(url, PURCHASES);
    try (ShopProcess shop = ShopProcess.start(ShopApplication.class, folder, url, NO_DEVTOOLS)) {
      shop.await("every purchase has its invoice", () -> isAtLeast(purchases, url, INVOICES));
      shop.await("every job has completed", () -> count(url, OPEN_JOBS) == 0);
    }

    assertThat(count(url, PURCHASES)).isEqualTo(purchases);
    assertThat(count(url, INVOICES)).isEqualTo(purchases);
    assertThat(count(url, "select count(*) from holdfast.jobs where type = 'invoice'"))
        .isEqualTo(purchases);
    try (Holdfast queue = Holdfast.open(url)) {
      assertThat(queue.queue().status().counts().getOrDefault(JobState.FAILED, 0L)).isZero();
      assertThat(queue.queue().maintenance().examine()).isEmpty();
    }
  }
}
