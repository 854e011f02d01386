package dev.holdfast.testkit;

final class OrdersTest extends OrdersScenes {}
