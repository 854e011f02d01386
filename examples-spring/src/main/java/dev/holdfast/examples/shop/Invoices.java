package dev.holdfast.examples.shop;

import dev.holdfast.JobContext;
import dev.holdfast.spring.HandlesJob;
import dev.holdfast.spring.RecurringJob;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The work that runs in the background. */
@Component
public class Invoices {
  private final JdbcClient jdbc;

  Invoices(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  // snippet: handler
  /** Writes an invoice. A job can run again after a crash, so it writes each one once. */
  @HandlesJob(value = "invoice", timeout = "30s", retryDelay = "${shop.retry-delay:2s}")
  @Transactional
  public String write(Invoice invoice, JobContext job) {
    jdbc.sql(
            """
            insert into invoices (purchase, customer) values (?, ?)
            on conflict (purchase) do nothing
            """)
        .params(invoice.purchase(), invoice.customer())
        .update();
    job.log("invoice for purchase " + invoice.purchase());
    return "invoice-" + invoice.purchase();
  }

  // end

  // snippet: recurring
  /** Counts the day's invoices, once a day on one of all instances. */
  @HandlesJob("daily-count")
  @RecurringJob(cron = "0 6 * * *", zone = "Europe/Berlin")
  public long count() {
    return jdbc.sql("select count(*) from invoices").query(Long.class).single();
  }
  // end
}
