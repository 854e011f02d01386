package dev.holdfast.examples;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.JobContext;
import dev.holdfast.JobQueue;
import dev.holdfast.NewJob;
import dev.holdfast.RetryPolicy;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;

/** A small shop, to be tested: an order is charged, and its customer hears of it. */
public final class Shop {
  private Shop() {}

  /** Takes money, and sends mail. */
  interface Outside {
    void charge(String order, int cents, String key);

    void mail(String to, String text);
  }

  // snippet: records
  record Order(String id, String customer, int cents) {}

  record Mail(String to, String text) {}

  // end

  /** Prints what the shop does for one order; the queue's file is the first argument. */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    try (Holdfast holdfast = Holdfast.open(args.length > 0 ? args[0] : "jobs.db")) {
      register(holdfast, new Printed());
      holdfast.start();
      order(holdfast.queue(), new Order("A-1", "ada", 500));
    }
  }

  // snippet: register
  static void register(Holdfast holdfast, Outside outside) {
    holdfast.handle("charge", Order.class, (order, job) -> charge(order, job, outside));
    holdfast.handle(
        "mail",
        Mail.class,
        (mail, job) -> {
          outside.mail(mail.to(), mail.text());
          return null;
        },
        HandlerPolicy.defaults().retry(RetryPolicy.fixed(Duration.ofHours(1))));
  }

  static void order(JobQueue queue, Order order) {
    queue.enqueue(NewJob.of("charge", order).unique(order.id()));
    queue.enqueue(
        NewJob.of("mail", new Mail(order.customer(), "Were you happy?")).in(Duration.ofDays(14)));
  }

  // end

  // snippet: charge
  static String charge(Order order, JobContext job, Outside outside) {
    if (job.checkpoint("charged", Boolean.class).isEmpty()) {
      outside.charge(order.id(), order.cents(), "order " + order.id());
      job.checkpoint("charged", true);
    }
    outside.mail(order.customer(), "Thank you!");
    return "charged " + order.cents();
  }

  // end

  // snippet: deliver
  static String deliver(Order order, JobContext job, Outside outside) throws Exception {
    job.step("charge", () -> outside.charge(order.id(), order.cents(), "order " + order.id()));
    Optional<String> parcel = job.awaitSignal("parcel", String.class, Duration.ofDays(7));
    String news = parcel.map(number -> "It is parcel " + number).orElse("It will take longer");
    job.step("tell", () -> outside.mail(order.customer(), news));
    return news;
  }

  // end

  private static final class Printed implements Outside {
    @Override
    public void charge(String order, int cents, String key) {
      System.out.println("charge " + order + ": " + cents);
    }

    @Override
    public void mail(String to, String text) {
      System.out.println("mail to " + to + ": " + text);
    }
  }
}
