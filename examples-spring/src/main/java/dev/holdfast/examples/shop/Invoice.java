package dev.holdfast.examples.shop;

/** The payload of a job of type {@code invoice}. */
public record Invoice(long purchase, String customer) {}
