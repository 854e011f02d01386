package dev.holdfast.examples.shop;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** An article that a customer bought. */
@Entity
@Table(name = "purchases")
public class Purchase {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  private Long id;

  private String customer;
  private String article;

  /** For JPA. */
  protected Purchase() {}

  Purchase(String customer, String article) {
    this.customer = customer;
    this.article = article;
  }

  /** The number. */
  public Long getId() {
    return id;
  }

  /** The customer. */
  public String getCustomer() {
    return customer;
  }

  /** The article. */
  public String getArticle() {
    return article;
  }
}
