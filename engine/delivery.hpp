// What leaves the house by mail, and what is known of it afterwards.
#pragma once

#include <functional>
#include <string>

namespace tradecase {

// One mail to one recipient, complete: the same message_id always goes with the same content.
struct Message {
  std::string message_id;  // without angle brackets, stable over retries: <number>.<case>@host
  std::string references;  // message id of the case's thread, without angle brackets; empty for its first mail
  std::string from_name;
  std::string from_address;
  std::string to_name;
  std::string to_address;
  std::string subject;
  std::string date;  // RFC 5322 date of the commit that wrote it
  std::string text;
  std::string html;
};

struct Delivery {
  enum class Outcome {
    sent,         // the server took it (250 after the data)
    retry_later,  // nothing was taken: no connection, or a 4xx answer
    given_up,     // the server refused for good (5xx), or the message cannot be sent as it is
    unknown,      // the connection broke after the data were sent and before the answer: nobody may guess
  };
  Outcome outcome = Outcome::retry_later;
  std::string detail;  // the server's answer or the fault, for the operator
};

// Never throws for what the network or the server does.
using Sender = std::function<Delivery(const Message&)>;

}  // namespace tradecase
