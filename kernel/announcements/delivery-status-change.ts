/** Stream `deliveries`, kind `STATUS`, key = delivery id. */
export interface DeliveryStatusChange {
  deliveryId: string;
  destination: string;
  sync: string;
  personId: string;
  status: string;
  occurredAt: string;
}
