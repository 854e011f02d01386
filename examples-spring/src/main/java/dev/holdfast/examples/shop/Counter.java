package dev.holdfast.examples.shop;

import dev.holdfast.JobQueue;
import dev.holdfast.NewJob;
import jakarta.persistence.EntityManager;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Makes purchases. */
@Service
public class Counter {
  private final EntityManager entities;
  private final JobQueue queue;

  Counter(EntityManager entities, JobQueue queue) {
    this.entities = entities;
    this.queue = queue;
  }

  // snippet: transactional
  /** Both the purchase and its invoice, or neither. */
  @Transactional
  public Purchase buy(String customer, String article) {
    Purchase purchase = new Purchase(customer, article);
    entities.persist(purchase);
    queue.enqueue(NewJob.of("invoice", new Invoice(purchase.getId(), customer)));
    if (article.isBlank()) {
      throw new IllegalArgumentException("nothing was bought"); // takes the job back, too
    }
    return purchase;
  }
  // end
}
