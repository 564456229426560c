#include "adapters/webhooks/signing.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <stdexcept>

using namespace tradecase::webhooks;

TEST_CASE("a webhook's signature is that of the published example") {
  CHECK(signature("whsec_plJ3nmyCDGBKInavdOK15jsl", "msg_loFOjxBNrRLzqYUf", 1731705121,
                  R"({"event_type":"ping","data":{"success":true}})") == "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=");
}

TEST_CASE("a webhook's signature stands for its id, its time, its body and its secret") {
  const std::string secret = new_secret(), signed_one = signature(secret, "msg_1", 1, "{}");
  CHECK(signature(secret, "msg_1", 1, "{}") == signed_one);
  const std::set<std::string> others{signature(secret, "msg_2", 1, "{}"), signature(secret, "msg_1", 2, "{}"),
                                     signature(secret, "msg_1", 1, "[]"), signature(new_secret(), "msg_1", 1, "{}")};
  CHECK(others.size() == 4);
  CHECK_FALSE(others.contains(signed_one));
}

TEST_CASE("a webhook's secret is whsec_ and the base64 of 32 bytes, another one each time") {
  const std::string one = new_secret(), two = new_secret();
  CHECK(one.starts_with("whsec_"));
  CHECK(one.size() == 6 + 44);
  CHECK(one.ends_with("="));
  CHECK(one != two);
}

TEST_CASE("nothing is signed with what is no secret") {
  for (const char* text : {"", "whsec_", "plJ3nmyCDGBKInavdOK15jsl", "whsec_plJ3nmyCDGBKInavdOK15js", "whsec_pl*3nmyCDGBKInavdOK15jsl"}) {
    INFO(text);
    CHECK_THROWS_AS(signature(text, "msg_1", 1, "{}"), std::invalid_argument);
  }
}
