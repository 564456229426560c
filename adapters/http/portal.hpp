// The portal and the API as one function from request to answer. Routes stand in one table; each room of pages adds its own
// (portal/*.cpp). Start here: Portal::handle().
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <variant>

#include "adapters/http/assets.hpp"
#include "adapters/http/command_forms.hpp"
#include "adapters/http/head.hpp"
#include "adapters/http/import_desk.hpp"
#include "adapters/http/message.hpp"
#include "adapters/http/metrics.hpp"
#include "adapters/http/pages.hpp"
#include "adapters/http/permission.hpp"
#include "adapters/http/population_desk.hpp"
#include "adapters/http/rules_desk.hpp"
#include "adapters/http/sample_desk.hpp"
#include "adapters/http/session_store.hpp"
#include "engine/engine.hpp"
#include "engine/paper.hpp"
#include "engine/sheet.hpp"
#include "engine/store/webhooks.hpp"

namespace tradecase::http {

class OidcClient;
struct LetterDesk;

// What sends webhooks, and we do not know of it.
struct WebhookWiring {
  std::function<std::optional<std::string>(std::string_view)> url_problem;  // why events cannot go there, in a sentence
  std::function<std::string()> new_secret;
  std::function<std::string(const Webhook& webhook, const std::string& event, Instant now)> test_body;
  std::function<void()> wake;  // there is something to send; empty where nothing sends
};

// What the program hands in. References live longer than the portal.
struct Wiring {
  Engine& engine;
  std::filesystem::path templates;  // holds portal/ and texts/
  std::filesystem::path assets;     // made by tools/assets
  Clock wall_clock;                 // real time: sign-ins expire by it, also in a sandbox
  bool sandbox = false;
  // Sandbox only: works until that day begins. The sentence says why not.
  std::function<std::optional<std::string>(Date until)> advance_clock;
  SignInLimits limits{};
  std::vector<std::shared_ptr<OidcClient>> providers{};  // of identity; none is null
  std::function<void()> wake{};                          // tells the worker that there is work; empty where none runs
  WebhookWiring webhooks{};
  PopulationDesk populations{};  // of audits and surveys
  RulesDesk rules{};
  PaperMaker paper{};                           // makes PDFs; empty where nobody does
  Workbook workbook{};                          // makes Excel files
  SampleDesk samples{};                         // of populations
  ImportDesk imports{};                         // of entry lines
  std::shared_ptr<const LetterDesk> letters{};  // composes letters: letter_desk.hpp; null: the portal composes none
};

enum class Access { anyone, signed_in, company, staff, team, rules, operators };
std::string_view code_of(Access access);
std::vector<std::string> roles_of(Access access);  // codes of the roles that come near; empty: everybody

class Visit;

// A command that a handler has made ready, and what is answered once it is decided: of requests that are begun together all commands share
// one write.
struct Ready {
  Command command;
  std::function<Response(Visit&, const Answer&)> answer;
};
using Handled = std::variant<Response, Ready>;
using Handler = std::function<Handled(Visit&)>;

struct Route {
  std::string method;   // GET (HEAD comes with it), POST
  std::string pattern;  // /cases/{case}: a parameter takes one segment. {case} and {company} are looked up and asked may(see)
  std::string page;     // its name in the list of pages: "N2"; "" for files and the API
  Access access = Access::signed_in;
  Handler handler;
  std::string summary;  // one line, for people and the API's description
  bool light = false;   // its handler needs no more of case and company than who, where and which version
};
using Routes = std::vector<Route>;

class Portal {
 public:
  explicit Portal(Wiring wiring);
  Portal(const Portal&) = delete;
  Portal& operator=(const Portal&) = delete;

  // Nothing of these throws.
  Response handle(const Request& request) const;
  static bool begins_together(const Head& head);  // its handler does no more than make a command ready: several are begun together
  // Comes back before they are decided, and has `resume` called once, on any thread, with what gives each its answer.
  void begin(const std::vector<const Request*>& requests, std::function<void(std::function<std::vector<Response>()>)> resume) const;
  Response refuse(const Reject& bad) const;  // what the front refuses, in the portal's words

  const Routes& routes() const { return routes_; }
  const Wiring& wiring() const { return wiring_; }
  const Pages& pages() const { return pages_; }
  const Texts& texts() const { return texts_; }
  const Assets& assets() const { return assets_; }
  const CommandForms& command_forms() const { return command_forms_; }
  Metrics& metrics() const { return *metrics_; }

 private:
  struct Match;
  struct Turn;
  Match match(std::string_view method, std::string_view path) const;
  void guarded(Turn& turn, const std::function<void()>& step) const;
  void fail(std::deque<Turn>& turns) const;
  void hear(std::deque<Turn>& turns) const;
  void admit(Turn& turn) const;
  std::optional<Response> turned_away(Turn& turn) const;
  std::optional<Response> turned_away(const Route& route, Visit& visit) const;
  std::vector<Response> finished(std::deque<Turn>& turns, const Engine::Decisions& decisions) const;
  Response finished(Turn& turn) const;
  void identify(Visit& visit) const;
  Response ask_to_sign_in(Visit& visit) const;

  bool find_named(const Route& route, Visit& visit) const;  // false: the address names no case and no company

  Wiring wiring_;
  Texts texts_;
  Pages pages_;
  Assets assets_;
  CommandForms command_forms_;
  Routes routes_;
  std::vector<std::vector<std::string>> wanted_;  // the segments of each route's pattern
  std::unique_ptr<Metrics> metrics_;
};

// One request being answered: who asks, what the address names, and what is needed to answer.
class Visit {
 public:
  Visit(const Portal& at, const Request& asked) : portal(at), request(asked), engine(at.wiring().engine) {}

  const Portal& portal;
  const Request& request;
  Engine& engine;
  std::map<std::string, std::string, std::less<>> params;  // of the address, decoded
  Visitor visitor;
  std::optional<SignIn> sign_in;
  bool known = false;      // a sign-in of ours came along, expired or not
  bool by_token = false;   // the API's: no cookie, no CSRF
  bool read_only = false;  // the token's scope
  Language language = Language::english;
  std::optional<Case> on;          // {case}: there, and the visitor may see it
  std::optional<Company> company;  // {company}, or the case's
  Form form;                       // of a POST
  json::value meanwhile;           // what others did since the form was loaded: portal/meanwhile.hpp; null: nothing

  const Programme& programme() const { return engine.programme(); }
  Date today() const { return engine.today(); }
  bool may(Verb verb) const { return http::may(visitor, verb, company ? std::string_view(company->id) : ""); }
  const CommandForms& words() const { return portal.command_forms(); }
  // A company sees a case once it was told of it: proposals, drafts and referrals of the agency have no words for it, and what ends before
  // it has any is never its to see.
  bool sees(const Case& one) const;
  bool is_api() const { return request.path.starts_with("/api/"); }

  // ---- words
  template <class... Args>
  std::string say(const std::string& english, const Args&... args) const {
    return portal.texts().say(language, english, args...);
  }
  std::string date(Date day) const { return portal.texts().date(language, day); }
  std::string weekday(Date day) const { return portal.texts().date_with_weekday(language, day); }
  std::string left(Date due) const { return portal.texts().days_left(language, due, today()); }

  // ---- answers
  // A page in the layout. `title` is its H1 and <title>; fields are the template's.
  Response page(const std::string& name, const std::string& title, json::object fields, int status = 200) const;
  Response go(const std::string& path, const std::string& notice = "") const;  // 303; the notice is shown there, once
  Response json_answer(const json::value& value, int status = 200) const;
  Response problem(int status, const std::string& code, const std::string& sentence, json::object more = {}) const;  // RFC 9457
  Response error(int status, const std::string& sentence) const;  // a page, or a problem below /api/

  // ---- commands
  // As the visitor, with the form's key and version where it has them.
  Answer send(std::string_view command, json::object body) const;
  // A refusal comes back in the words of the pages. What happened since a form was loaded is named to staff only: a company need not know
  // of all of it.
  Answer execute(const Command& command) const;
};

// Each adds the routes of one room. portal/*.cpp.
void add_sign_in_routes(Routes& routes);
void add_account_routes(Routes& routes);
void add_case_routes(Routes& routes);
void add_importer_routes(Routes& routes);
void add_filing_routes(Routes& routes);
void add_answer_routes(Routes& routes);
void add_manager_routes(Routes& routes);
void add_review_routes(Routes& routes);
void add_survey_routes(Routes& routes);
void add_operator_routes(Routes& routes);
void add_api_routes(Routes& routes);
void add_health_routes(Routes& routes);

std::string own_path_or_home(std::string_view next);  // for the parameter `next`: a path of ours, else "/"

}  // namespace tradecase::http
