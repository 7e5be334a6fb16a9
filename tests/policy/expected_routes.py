"""Who gets what from every route: written by hand, never made from the policy that it tests.

Each block is one method of one route; each line under it names objects and says what each column gets:

    anonymous owner learner assessor trainee countersigner iqa eqa administrator disabled

The owner is amina and the learner is ben, both of Harrow Dale. Marguerite assesses both of them; tobias, a trainee,
assesses amina; dafydd countersigns for her; ewan was granted her enrolment. Nobody of them is allocated to cara, who is
at Harrow Dale too; olga is at Other Side. See tests/policy/filling.py for what state each object is in.

in   sent to sign in, nothing written       303  done (for a form), or sent on to another page
201  taken, for a script
403  seen, but not for them to do           404  not there, as far as they are told
409  not now, as things stand               422  something in the form needs attention
"""

COLUMNS = (
    "anonymous", "owner", "learner", "assessor", "trainee", "countersigner", "iqa", "eqa", "administrator", "disabled",
)  # fmt: skip

TABLE = """
GET /static/<digest>/<path:path>
  stylesheet               : 200 200 200 200 200 200 200 200 200 200
  missing                  : 404 404 404 404 404 404 404 404 404 404

GET /about/assessment
  -                        : 200 200 200 200 200 200 200 200 200 200
GET /about/privacy
  -                        : 200 200 200 200 200 200 200 200 200 200
GET /about/accessibility
  -                        : 200 200 200 200 200 200 200 200 200 200
GET /about/help
  -                        : 200 200 200 200 200 200 200 200 200 200
GET /about/help/<role>
  for assessors            : 200 200 200 200 200 200 200 200 200 200
  for nobody               : 404 404 404 404 404 404 404 404 404 404
GET /about/glossary
  -                        : 200 200 200 200 200 200 200 200 200 200
GET /healthz
  -                        : 200 200 200 200 200 200 200 200 200 200
GET /readyz
  -                        : 200 200 200 200 200 200 200 200 200 200
GET /metrics
  -                        : 200 200 200 200 200 200 200 200 200 200

GET /
  -                        : in  200 200 303 303 303 303 303 303 in
GET /portfolio
  -                        : in  200 200 200 200 200 200 200 200 in
GET /evidence
  -                        : in  303 303 303 303 303 303 303 303 in

GET /sign-in
  -                        : 200 303 303 303 303 303 303 303 303 200
POST /sign-in
  right, right at her home : 303 303 303 303 303 303 303 303 303 303
  wrong, nobody, disabled  : 422 422 422 422 422 422 422 422 422 422
GET /sign-in/code
  -                        : in  303 303 303 303 303 303 303 303 in
POST /sign-in/code
  -                        : in  303 303 303 303 303 303 303 303 in
GET /sign-in/recovery
  -                        : in  303 303 303 303 303 303 303 303 in
POST /sign-in/recovery
  -                        : in  303 303 303 303 303 303 303 303 in
POST /sign-out
  -                        : in  303 303 303 303 303 303 303 303 in
GET /forgotten-password
  -                        : 200 200 200 200 200 200 200 200 200 200
POST /forgotten-password
  without mail             : 200 200 200 200 200 200 200 200 200 200
GET /link/<token>
  reset, invitation, role  : 200 200 200 200 200 200 200 200 200 200
  used, late, missing      : 404 404 404 404 404 404 404 404 404 404
POST /link/<token>
  reset, invitation, role  : 303 303 303 303 303 303 303 303 303 303
  used, late, missing      : 404 404 404 404 404 404 404 404 404 404
GET /account
  -                        : in  200 200 200 200 200 200 200 200 in
POST /account
  right                    : in  303 303 303 303 303 303 303 303 in
  wrong                    : in  422 422 422 422 422 422 422 422 in
POST /account/centre
  harrow dale              : in  303 303 303 303 303 303 303 303 in
  other side               : in  404 404 303 404 404 303 303 303 in
  missing                  : in  404 404 404 404 404 404 404 404 in

GET /account/second-step
  -                        : in  200 200 200 200 200 200 200 200 in
POST /account/second-step/begin
  right                    : in  303 303 303 303 409 303 303 303 in
  wrong                    : in  422 422 422 422 422 422 422 422 in
POST /account/second-step/confirm
  right                    : in  200 409 409 409 409 409 409 409 in
POST /account/second-step/codes
  right                    : in  409 409 409 409 200 409 409 409 in
  wrong                    : in  422 422 422 422 422 422 422 422 in
POST /account/second-step/give-up
  right                    : in  409 409 409 409 303 409 409 409 in
  wrong                    : in  422 422 422 422 422 422 422 422 in
POST /account/sessions/<int:sign_in_session_id>/end
  amina                    : in  303 404 404 404 404 404 404 404 in
  marguerite               : in  404 404 303 404 404 404 404 404 in
  missing                  : in  404 404 404 404 404 404 404 404 in
POST /account/sessions/end-others
  -                        : in  303 303 303 303 303 303 303 303 in

POST /account/name
  -                        : in  303 303 303 303 303 303 303 303 in
POST /account/notices
  -                        : in  303 303 303 303 303 303 303 303 in
POST /account/stems
  -                        : in  404 404 303 303 303 404 404 404 in
POST /account/stems/<int:feedback_stem_id>
  marguerite               : in  404 404 303 404 404 404 404 404 in
  tobias                   : in  404 404 404 303 404 404 404 404 in
  missing                  : in  404 404 404 404 404 404 404 404 in
POST /account/stems/<int:feedback_stem_id>/drop
  marguerite               : in  404 404 303 404 404 404 404 404 in
  tobias                   : in  404 404 404 303 404 404 404 404 in
  missing                  : in  404 404 404 404 404 404 404 404 in

GET /notices
  -                        : in  200 200 200 200 200 200 200 200 in
POST /notices/put-away
  -                        : in  303 303 303 303 303 303 303 303 in
POST /notices/<int:notice_id>/open
  amina                    : in  303 404 404 404 404 404 404 404 in
  marguerite               : in  404 404 303 404 404 404 404 404 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /notices/<int:notice_id>/put-away
  amina                    : in  303 404 404 404 404 404 404 404 in
  marguerite               : in  404 404 303 404 404 404 404 404 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in

GET /drafts/<place>
  a place                  : in  200 200 200 200 200 200 200 200 in
  no place, missing        : in  404 404 404 404 404 404 404 404 in
PUT /drafts/<place>
  a place                  : in  200 200 200 200 200 200 200 200 in
  no place, missing        : in  404 404 404 404 404 404 404 404 in
POST /text-preview
  -                        : in  200 200 200 200 200 200 200 200 in

GET /centre
  -                        : in  404 404 404 404 404 404 404 200 in
GET /centre/settings
  -                        : in  404 404 404 404 404 404 404 200 in
POST /centre/settings
  right                    : in  404 404 404 404 404 404 404 303 in
  wrong                    : in  404 404 404 404 404 404 404 422 in
  late                     : in  404 404 404 404 404 404 404 409 in
GET /centre/personal-data
  -                        : in  404 404 404 404 404 404 404 200 in
POST /centre/personal-data
  right                    : in  404 404 404 404 404 404 404 303 in
  wrong                    : in  404 404 404 404 404 404 404 422 in
  late                     : in  404 404 404 404 404 404 404 409 in
GET /centre/personal-data/asked
  -                        : in  404 404 404 404 404 404 404 200 in
GET /centre/personal-data/asked/<int:finding_decision_id>
  amina                    : in  404 404 404 404 404 404 404 200 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /centre/personal-data/asked/<int:finding_decision_id>
  amina                    : in  404 404 404 404 404 404 404 303 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /enrolments/<int:enrolment_id>/personal-data
  amina                    : in  200 404 403 403 403 403 403 403 in
  ben                      : in  404 200 403 404 404 403 404 403 in
  cara                     : in  404 404 404 404 404 403 404 403 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/personal-data
  amina                    : in  303 404 403 403 403 403 403 403 in
  ben                      : in  404 303 403 404 404 403 404 403 in
  cara                     : in  404 404 404 404 404 403 404 403 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /enrolments/<int:enrolment_id>/personal-data/forget
  amina                    : in  200 404 403 403 403 403 403 403 in
  ben                      : in  404 200 403 404 404 403 404 403 in
  cara                     : in  404 404 404 404 404 403 404 403 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/personal-data/forget
  amina                    : in  303 404 403 403 403 403 403 403 in
  ben                      : in  404 409 403 404 404 403 404 403 in
  cara                     : in  404 404 404 404 404 403 404 403 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /centre/words
  -                        : in  404 404 404 404 404 404 404 200 in
POST /centre/words
  right                    : in  404 404 404 404 404 404 404 303 in
  wrong                    : in  404 404 404 404 404 404 404 422 in
  late                     : in  404 404 404 404 404 404 404 409 in
POST /centre/logo
  a picture                : in  404 404 404 404 404 404 404 303 in
  no picture, nothing      : in  404 404 404 404 404 404 404 422 in
POST /centre/remove-logo
  -                        : in  404 404 404 404 404 404 404 303 in
GET /centre/word-template
  -                        : in  404 404 404 404 404 404 404 200 in
POST /centre/word-template
  a template               : in  404 404 404 404 404 404 404 303 in
  no template, nothing     : in  404 404 404 404 404 404 404 422 in
POST /centre/word-template/remove
  -                        : in  404 404 404 404 404 404 404 303 in
GET /centre/word-template/file
  -                        : in  404 404 404 404 404 404 404 200 in
GET /centre/word-template/trial
  -                        : in  404 404 404 404 404 404 404 200 in
GET /centre/word-template/example
  -                        : in  404 404 404 404 404 404 404 200 in
GET /centre/logo/<sha256>
  harrow dale              : in  200 200 200 200 200 200 200 200 in
  other side, missing      : in  404 404 404 404 404 404 404 404 in

GET /cohorts
  -                        : in  404 404 404 404 404 404 404 200 in
GET /cohorts/new
  -                        : in  404 404 404 404 404 404 404 200 in
POST /cohorts/new
  a new name               : in  404 404 404 404 404 404 404 303 in
  a name that is taken     : in  404 404 404 404 404 404 404 422 in
GET /cohorts/<int:cohort_id>
  spring, over             : in  404 404 404 404 404 404 404 200 in
  theirs, missing          : in  404 404 404 404 404 404 404 404 in
GET /cohorts/<int:cohort_id>/edit
  spring, over             : in  404 404 404 404 404 404 404 200 in
  theirs, missing          : in  404 404 404 404 404 404 404 404 in
POST /cohorts/<int:cohort_id>/edit
  spring                   : in  404 404 404 404 404 404 404 303 in
  over                     : in  404 404 404 404 404 404 404 409 in
  theirs, missing          : in  404 404 404 404 404 404 404 404 in
POST /cohorts/<int:cohort_id>/close
  spring                   : in  404 404 404 404 404 404 404 303 in
  over                     : in  404 404 404 404 404 404 404 409 in
  theirs, missing          : in  404 404 404 404 404 404 404 404 in
GET /enrolments/<int:enrolment_id>/cohort
  amina                    : in  403 404 403 403 403 403 403 200 in
  ben                      : in  404 403 403 404 404 403 404 200 in
  cara                     : in  404 404 404 404 404 403 404 200 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/cohort
  amina                    : in  403 404 403 403 403 403 403 303 in
  ben                      : in  404 403 403 404 404 403 404 422 in
  cara                     : in  404 404 404 404 404 403 404 303 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in

GET /people
  -                        : in  404 404 404 404 404 404 404 200 in
GET /people/invite
  -                        : in  404 404 404 404 404 404 404 200 in
POST /people/invite
  somebody new, known      : in  404 404 404 404 404 404 404 303 in
POST /people/<int:person_id>/reset-second-step
  dafydd                   : in  404 404 404 404 404 404 404 303 in
  ben, ada, marguerite     : in  404 404 404 404 404 404 404 409 in
  odette, missing          : in  404 404 404 404 404 404 404 404 in
GET /people/<int:person_id>
  amina, ben, ada, vera    : in  404 404 404 404 404 404 404 200 in
  odette, olga, missing    : in  404 404 404 404 404 404 404 404 in
GET /people/<int:person_id>/rename
  ben, marguerite          : in  404 404 404 404 404 404 404 200 in
  odette, olga, missing    : in  404 404 404 404 404 404 404 404 in
POST /people/<int:person_id>/rename
  ben                      : in  404 404 404 404 404 404 404 303 in
  marguerite               : in  404 404 404 404 404 404 404 409 in
  odette, olga, missing    : in  404 404 404 404 404 404 404 404 in
POST /people/<int:person_id>/roles
  ben, marguerite          : in  404 404 404 404 404 404 404 303 in
  odette, olga, missing    : in  404 404 404 404 404 404 404 404 in
GET /people/<int:person_id>/roles/<int:membership_id>
  ben, tobias, ada         : in  404 404 404 404 404 404 404 200 in
  ben/tobias, ben/odette   : in  404 404 404 404 404 404 404 404 in
  odette, missing          : in  404 404 404 404 404 404 404 404 in
POST /people/<int:person_id>/roles/<int:membership_id>/end
  ben                      : in  404 404 404 404 404 404 404 303 in
  ada                      : in  404 404 404 404 404 404 404 409 in
  ben/tobias, ben/odette   : in  404 404 404 404 404 404 404 404 in
  odette, missing          : in  404 404 404 404 404 404 404 404 in
POST /people/<int:person_id>/roles/<int:membership_id>/standing
  tobias                   : in  404 404 404 404 404 404 404 303 in
  ben                      : in  404 404 404 404 404 404 404 409 in
  ben/tobias, ben/odette   : in  404 404 404 404 404 404 404 404 in
  odette, missing          : in  404 404 404 404 404 404 404 404 in
POST /people/<int:person_id>/invite-again
  nina                     : in  404 404 404 404 404 404 404 303 in
  ben, vera                : in  404 404 404 404 404 404 404 409 in
  odette, olga, missing    : in  404 404 404 404 404 404 404 404 in
POST /people/<int:person_id>/disable
  ben                      : in  404 404 404 404 404 404 404 303 in
  ada, marguerite, vera    : in  404 404 404 404 404 404 404 409 in
  odette, olga, missing    : in  404 404 404 404 404 404 404 404 in
POST /people/<int:person_id>/enable
  vera                     : in  404 404 404 404 404 404 404 303 in
  ben, marguerite          : in  404 404 404 404 404 404 404 409 in
  odette, olga, missing    : in  404 404 404 404 404 404 404 404 in

GET /centre/disk-use
  -                        : in  404 404 404 404 404 404 404 200 in
GET /centre/trail
  -                        : in  404 404 404 404 404 200 404 200 in
GET /centre/trail/list
  -                        : in  404 404 404 404 404 200 404 200 in
POST /centre/trail/check
  -                        : in  404 404 404 404 404 303 404 303 in
GET /centre/trail/progress
  -                        : in  404 404 404 404 404 404 404 404 in
GET /centre/access
  -                        : in  404 404 404 404 404 200 404 200 in
GET /centre/access/list
  -                        : in  404 404 404 404 404 200 404 200 in
GET /enrolments/<int:enrolment_id>/trail
  amina                    : in  200 404 200 200 200 200 200 200 in
  cara                     : in  404 404 404 404 404 200 404 200 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /enrolments/<int:enrolment_id>/trail/list
  amina                    : in  200 404 200 200 200 200 200 200 in
  cara                     : in  404 404 404 404 404 200 404 200 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/trail/check
  amina                    : in  303 404 303 303 303 303 303 303 in
  cara                     : in  404 404 404 404 404 303 404 303 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in

GET /imports
  -                        : in  404 404 404 404 404 404 404 200 in
GET /imports/new/<kind>
  people                   : in  404 404 404 404 404 404 404 200 in
  no kind, missing         : in  404 404 404 404 404 404 404 404 in
POST /imports/new/<kind>
  people                   : in  404 404 404 404 404 404 404 303 in
  no kind, missing         : in  404 404 404 404 404 404 404 404 in
GET /imports/template/<kind>
  people                   : in  404 404 404 404 404 404 404 200 in
  no kind, missing         : in  404 404 404 404 404 404 404 404 in
POST /imports/send-invitations
  without mail             : in  404 404 404 404 404 404 404 409 in
GET /imports/<int:import_draft_id>
  ada                      : in  404 404 404 404 404 404 404 200 in
  vera, odette, missing    : in  404 404 404 404 404 404 404 404 in
GET /imports/<int:import_draft_id>/columns
  ada                      : in  404 404 404 404 404 404 404 200 in
  vera, odette, missing    : in  404 404 404 404 404 404 404 404 in
POST /imports/<int:import_draft_id>/columns
  ada                      : in  404 404 404 404 404 404 404 303 in
  vera, odette, missing    : in  404 404 404 404 404 404 404 404 in
GET /imports/<int:import_draft_id>/bad-rows
  ada                      : in  404 404 404 404 404 404 404 200 in
  vera, odette, missing    : in  404 404 404 404 404 404 404 404 in
POST /imports/<int:import_draft_id>/import
  ada                      : in  404 404 404 404 404 404 404 303 in
  vera, odette, missing    : in  404 404 404 404 404 404 404 404 in
POST /imports/<int:import_draft_id>/discard
  ada                      : in  404 404 404 404 404 404 404 303 in
  vera, odette, missing    : in  404 404 404 404 404 404 404 404 in

GET /arriving
  -                        : in  404 404 404 404 404 404 404 200 in
POST /arriving
  a bundle                 : in  404 404 404 404 404 404 404 303 in
  no file                  : in  404 404 404 404 404 404 404 422 in
GET /arriving/<int:arriving_draft_id>
  checked, working, refused: in  404 404 404 404 404 404 404 200 in
  theirs, missing          : in  404 404 404 404 404 404 404 404 in
GET /arriving/<int:arriving_draft_id>/progress
  checked, working, refused: in  404 404 404 404 404 404 404 200 in
  theirs, missing          : in  404 404 404 404 404 404 404 404 in
POST /arriving/<int:arriving_draft_id>/people
  checked                  : in  404 404 404 404 404 404 404 303 in
  working, refused         : in  404 404 404 404 404 404 404 409 in
  theirs, missing          : in  404 404 404 404 404 404 404 404 in
POST /arriving/<int:arriving_draft_id>/bring-in
  checked                  : in  404 404 404 404 404 404 404 303 in
  working, refused         : in  404 404 404 404 404 404 404 409 in
  theirs, missing          : in  404 404 404 404 404 404 404 404 in
POST /arriving/<int:arriving_draft_id>/cancel
  working                  : in  404 404 404 404 404 404 404 303 in
  checked, refused         : in  404 404 404 404 404 404 404 409 in
  theirs, missing          : in  404 404 404 404 404 404 404 404 in
POST /arriving/<int:arriving_draft_id>/discard
  checked, working, refused: in  404 404 404 404 404 404 404 303 in
  theirs, missing          : in  404 404 404 404 404 404 404 404 in

GET /enrolments
  -                        : in  404 404 200 200 200 200 200 200 in
GET /enrolments/new
  -                        : in  404 404 404 404 404 404 404 200 in
POST /enrolments/new
  somebody unenrolled      : in  404 404 404 404 404 404 404 303 in
  somebody of other side   : in  404 404 404 404 404 404 404 422 in
GET /enrolments/hand-over
  -                        : in  404 404 404 404 404 404 404 200 in
POST /enrolments/hand-over
  to noel                  : in  404 404 404 404 404 404 404 303 in
  to oscar, of olga        : in  404 404 404 404 404 404 404 422 in
GET /enrolments/grants
  -                        : in  404 404 404 404 404 404 404 200 in
POST /enrolments/grants
  ben                      : in  404 404 404 404 404 404 404 303 in
  olga                     : in  404 404 404 404 404 404 404 422 in
GET /enrolments/<int:enrolment_id>
  amina                    : in  200 404 200 200 200 200 200 200 in
  ben                      : in  404 200 200 404 404 200 404 200 in
  cara                     : in  404 404 404 404 404 200 404 200 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/allocate
  amina                    : in  403 404 403 403 403 403 403 303 in
  ben                      : in  404 403 403 404 404 403 404 303 in
  cara                     : in  404 404 404 404 404 403 404 303 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/allocations/<int:allocation_id>/end
  amina                    : in  403 404 403 403 403 403 403 303 in
  cara                     : in  404 404 404 404 404 403 404 303 in
  amina/cara, amina/missing: in  403 404 403 403 403 403 403 409 in
  cara/amina, cara/olga    : in  404 404 404 404 404 403 404 409 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/grant
  amina                    : in  403 404 403 403 403 403 403 303 in
  cara                     : in  404 404 404 404 404 403 404 303 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /enrolments/<int:enrolment_id>/allocations/<int:allocation_id>
  amina                    : in  403 404 403 403 403 403 403 200 in
  cara                     : in  404 404 404 404 404 403 404 200 in
  amina/cara, amina/missing: in  403 404 403 403 403 403 403 404 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/allocations/<int:allocation_id>
  amina                    : in  403 404 403 403 403 403 403 303 in
  cara                     : in  404 404 404 404 404 403 404 303 in
  amina/cara, amina/missing: in  403 404 403 403 403 403 403 404 in
  cara/amina, cara/olga    : in  404 404 404 404 404 403 404 404 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /enrolments/<int:enrolment_id>/grants/<int:grant_id>
  amina                    : in  403 404 403 403 403 403 403 200 in
  amina/olga, amina/missing: in  403 404 403 403 403 403 403 404 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/grants/<int:grant_id>
  amina                    : in  403 404 403 403 403 403 403 303 in
  amina/olga, amina/missing: in  403 404 403 403 403 403 403 404 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/grants/<int:grant_id>/withdraw
  amina                    : in  403 404 403 403 403 403 403 303 in
  amina/olga, amina/missing: in  403 404 403 403 403 403 403 409 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /enrolments/<int:enrolment_id>/terms
  amina                    : in  403 404 403 403 403 403 403 200 in
  cara                     : in  404 404 404 404 404 403 404 200 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/terms
  amina                    : in  403 404 403 403 403 403 403 303 in
  ben                      : in  404 403 403 404 404 403 404 303 in
  cara                     : in  404 404 404 404 404 403 404 303 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /enrolments/<int:enrolment_id>/leave
  amina                    : in  403 404 403 403 403 403 403 200 in
  cara                     : in  404 404 404 404 404 403 404 200 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/leave
  amina                    : in  403 404 403 403 403 403 403 303 in
  ben                      : in  404 403 403 404 404 403 404 303 in
  cara                     : in  404 404 404 404 404 403 404 303 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/return
  amina                    : in  403 404 403 403 403 403 403 409 in
  gina                     : in  404 404 404 404 404 403 404 303 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /enrolments/<int:enrolment_id>/units/<int:enrolment_unit_id>
  amina                    : in  200 404 200 200 200 200 200 200 in
  ben                      : in  404 200 200 404 404 200 404 200 in
  cara                     : in  404 404 404 404 404 200 404 200 in
  amina/cara, amina/missing: in  404 404 404 404 404 404 404 404 in
  cara/amina, olga, missing: in  404 404 404 404 404 404 404 404 in

GET /units/<int:enrolment_unit_id>/sign-off
  amina                    : in  403 404 200 403 403 403 403 403 in
  ben                      : in  404 403 200 404 404 403 404 403 in
  cara                     : in  404 404 404 404 404 403 404 403 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /units/<int:enrolment_unit_id>/sign-off
  dora                     : in  404 404 303 404 404 403 404 403 in
  edna                     : in  404 404 409 404 404 403 404 403 in
  amina                    : in  403 404 409 403 403 403 403 403 in
  ben                      : in  404 403 409 404 404 403 404 403 in
  cara                     : in  404 404 404 404 404 403 404 403 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /units/<int:enrolment_unit_id>/reopen
  amina                    : in  403 404 409 403 403 409 403 409 in
  ben                      : in  404 403 409 404 404 409 404 409 in
  cara                     : in  404 404 404 404 404 409 404 409 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /units/<int:enrolment_unit_id>/reopen
  dora                     : in  404 404 409 404 404 409 404 409 in
  edna                     : in  404 404 303 404 404 303 404 303 in
  amina                    : in  403 404 409 403 403 409 403 409 in
  ben                      : in  404 403 409 404 404 409 404 409 in
  cara                     : in  404 404 404 404 404 409 404 409 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /units/<int:enrolment_unit_id>/signed
  edna                     : in  404 404 200 404 404 200 404 200 in
  amina                    : in  200 404 200 200 200 200 200 200 in
  ben                      : in  404 200 200 404 404 200 404 200 in
  cara                     : in  404 404 404 404 404 200 404 200 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in

GET /enrolments/<int:enrolment_id>/units/choose
  amina                    : in  403 404 200 200 403 403 403 200 in
  ben                      : in  404 403 200 404 404 403 404 200 in
  cara                     : in  404 404 404 404 404 403 404 200 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/units/choose
  amina                    : in  403 404 422 422 403 403 403 422 in
  ben                      : in  404 403 303 404 404 403 404 303 in
  cara                     : in  404 404 404 404 404 403 404 422 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /enrolments/<int:enrolment_id>/units/<int:enrolment_unit_id>/move
  amina                    : in  403 404 200 200 403 403 403 200 in
  ben                      : in  404 403 200 404 404 403 404 200 in
  cara                     : in  404 404 404 404 404 403 404 200 in
  amina/cara, amina/missing: in  403 404 404 404 403 403 403 404 in
  cara/amina               : in  404 404 404 404 404 403 404 404 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/units/<int:enrolment_unit_id>/move
  amina                    : in  403 404 409 409 403 403 403 409 in
  ben                      : in  404 403 409 404 404 403 404 409 in
  cara                     : in  404 404 404 404 404 403 404 409 in
  amina/cara, amina/missing: in  403 404 404 404 403 403 403 404 in
  cara/amina               : in  404 404 404 404 404 403 404 404 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in

GET /enrolments/<int:enrolment_id>/evidence
  amina                    : in  200 404 200 200 200 200 200 200 in
  ben                      : in  404 200 200 404 404 200 404 200 in
  cara                     : in  404 404 404 404 404 200 404 200 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /enrolments/<int:enrolment_id>/evidence/add-files
  amina                    : in  200 404 403 403 403 403 403 403 in
  ben                      : in  404 200 403 404 404 403 404 403 in
  cara                     : in  404 404 404 404 404 403 404 403 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/evidence/add-files
  amina                    : in  303 404 403 403 403 403 403 403 in
  ben                      : in  404 303 403 404 404 403 404 403 in
  cara                     : in  404 404 404 404 404 403 404 403 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/files
  amina                    : in  201 404 201 201 403 403 403 403 in
  ben                      : in  404 201 201 404 404 403 404 403 in
  cara                     : in  404 404 404 404 404 403 404 403 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/look-through
  amina                    : in  200 404 200 200 403 403 403 403 in
  ben                      : in  404 200 200 404 404 403 404 403 in
  cara                     : in  404 404 404 404 404 403 404 403 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /waiting-files/<int:waiting_file_id>/remove
  amina                    : in  200 404 404 404 404 404 404 404 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /enrolments/<int:enrolment_id>/evidence/write
  amina                    : in  200 404 403 403 403 403 403 403 in
  cara                     : in  404 404 404 404 404 403 404 403 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/evidence/write
  amina                    : in  303 404 403 403 403 403 403 403 in
  cara                     : in  404 404 404 404 404 403 404 403 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /enrolments/<int:enrolment_id>/evidence/elsewhere
  amina                    : in  200 404 403 403 403 403 403 403 in
  cara                     : in  404 404 404 404 404 403 404 403 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/evidence/elsewhere
  amina                    : in  303 404 403 403 403 403 403 403 in
  cara                     : in  404 404 404 404 404 403 404 403 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /enrolments/<int:enrolment_id>/evidence/trash
  amina                    : in  200 404 200 200 200 200 200 200 in
  cara                     : in  404 404 404 404 404 200 404 200 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /records/new
  -                        : in  404 404 200 200 200 404 404 404 in
GET /enrolments/<int:enrolment_id>/records/new
  amina                    : in  403 404 200 200 403 403 403 403 in
  ben                      : in  404 403 200 404 404 403 404 403 in
  cara                     : in  404 404 404 404 404 403 404 403 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/records/new
  amina                    : in  403 404 303 303 403 403 403 403 in
  ben                      : in  404 403 303 404 404 403 404 403 in
  cara                     : in  404 404 404 404 404 403 404 403 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /evidence/<int:evidence_id>
  amina E013, amina E015   : in  200 404 200 200 200 200 200 200 in
  amina E011               : in  404 404 200 404 404 404 404 404 in
  amina E014               : in  200 404 404 404 404 404 404 404 in
  amina E001, amina E002   : in  200 404 200 200 200 200 200 200 in
  amina E005, amina E006   : in  200 404 200 200 200 200 200 200 in
  amina E008               : in  200 404 200 200 200 200 200 200 in
  amina E003, amina E009   : in  200 404 404 404 404 404 404 404 in
  amina E007               : in  200 404 404 404 404 404 404 404 in
  cara E001                : in  404 404 404 404 404 200 404 200 in
  cara E002, missing       : in  404 404 404 404 404 404 404 404 in
  olga E001, olga E002     : in  404 404 404 404 404 404 404 404 in
GET /evidence/<int:evidence_id>/claims
  amina E013, amina E015   : in  200 404 200 200 200 200 200 200 in
  amina E011               : in  404 404 200 404 404 404 404 404 in
  amina E014               : in  200 404 404 404 404 404 404 404 in
  amina E001, amina E002   : in  200 404 200 200 200 200 200 200 in
  amina E005, amina E006   : in  200 404 200 200 200 200 200 200 in
  amina E008               : in  200 404 200 200 200 200 200 200 in
  amina E003, amina E009   : in  200 404 404 404 404 404 404 404 in
  amina E007               : in  200 404 404 404 404 404 404 404 in
  cara E001                : in  404 404 404 404 404 200 404 200 in
  cara E002, missing       : in  404 404 404 404 404 404 404 404 in
  olga E001, olga E002     : in  404 404 404 404 404 404 404 404 in
GET /evidence/<int:evidence_id>/versions
  amina E013, amina E015   : in  200 404 200 200 200 200 200 200 in
  amina E011               : in  404 404 200 404 404 404 404 404 in
  amina E014               : in  200 404 404 404 404 404 404 404 in
  amina E001, amina E002   : in  200 404 200 200 200 200 200 200 in
  amina E005, amina E006   : in  200 404 200 200 200 200 200 200 in
  amina E008               : in  200 404 200 200 200 200 200 200 in
  amina E003, amina E009   : in  200 404 404 404 404 404 404 404 in
  amina E007               : in  200 404 404 404 404 404 404 404 in
  cara E001                : in  404 404 404 404 404 200 404 200 in
  cara E002, missing       : in  404 404 404 404 404 404 404 404 in
  olga E001, olga E002     : in  404 404 404 404 404 404 404 404 in
GET /evidence/<int:evidence_id>/edit
  amina E011               : in  404 404 200 404 404 404 404 404 in
  amina E014               : in  409 404 404 404 404 404 404 404 in
  amina E003, amina E009   : in  200 404 404 404 404 404 404 404 in
  amina E007               : in  200 404 404 404 404 404 404 404 in
  amina E008               : in  200 404 403 403 403 403 403 403 in
  amina E001, amina E002   : in  409 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  cara E002, olga E001     : in  404 404 404 404 404 404 404 404 in
  missing                  : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/edit
  amina E003, amina E009   : in  303 404 404 404 404 404 404 404 in
  amina E007               : in  303 404 404 404 404 404 404 404 in
  amina E008               : in  303 404 403 403 403 403 403 403 in
  amina E001, amina E002   : in  409 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  cara E002, olga E001     : in  404 404 404 404 404 404 404 404 in
  olga E002, missing       : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/revise
  amina E001               : in  303 404 403 403 403 403 403 403 in
  amina E002, amina E008   : in  409 404 403 403 403 403 403 403 in
  amina E003, amina E007   : in  409 404 404 404 404 404 404 404 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  cara E002, olga E001     : in  404 404 404 404 404 404 404 404 in
  missing                  : in  404 404 404 404 404 404 404 404 in
GET /evidence/<int:evidence_id>/put-on-record
  amina E011               : in  404 404 200 404 404 404 404 404 in
  amina E015               : in  403 404 409 403 403 403 403 403 in
  amina E003, amina E014   : in  409 404 404 404 404 404 404 404 in
  amina E001               : in  409 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  olga E001, missing       : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/put-on-record
  amina E011               : in  404 404 303 404 404 404 404 404 in
  amina E015               : in  403 404 409 403 403 403 403 403 in
  amina E003, amina E014   : in  409 404 404 404 404 404 404 404 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  olga E001, missing       : in  404 404 404 404 404 404 404 404 in
GET /evidence/<int:evidence_id>/sighting
  amina E013               : in  403 404 200 200 200 200 403 403 in
  amina E001               : in  403 404 409 409 409 409 403 403 in
  amina E003, amina E014   : in  403 404 404 404 404 404 404 404 in
  amina E010               : in  403 404 404 404 404 404 404 403 in
  cara E001                : in  404 404 404 404 404 409 404 403 in
  olga E001, missing       : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/sighting
  amina E013               : in  403 404 303 303 303 303 403 403 in
  amina E001               : in  403 404 409 409 409 409 403 403 in
  amina E003               : in  403 404 404 404 404 404 404 404 in
  amina E010               : in  403 404 404 404 404 404 404 403 in
  cara E001                : in  404 404 404 404 404 409 404 403 in
  olga E001, missing       : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/restore
  amina E014               : in  303 404 404 404 404 404 404 404 in
  amina E003               : in  409 404 404 404 404 404 404 404 in
  amina E001               : in  409 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  olga E001, missing       : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/delete
  amina E014               : in  303 404 404 404 404 404 404 404 in
  amina E003, amina E007   : in  409 404 404 404 404 404 404 404 in
  amina E001, amina E008   : in  409 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  olga E001, missing       : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/discard
  amina E011               : in  404 404 303 404 404 404 404 404 in
  amina E014               : in  409 404 404 404 404 404 404 404 in
  amina E003, amina E009   : in  303 404 404 404 404 404 404 404 in
  amina E007               : in  409 404 404 404 404 404 404 404 in
  amina E008               : in  303 404 403 403 403 403 403 403 in
  amina E001, amina E002   : in  409 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  cara E002, olga E001     : in  404 404 404 404 404 404 404 404 in
  olga E002, missing       : in  404 404 404 404 404 404 404 404 in
GET /evidence/<int:evidence_id>/hide
  amina E001, amina E002   : in  200 404 200 200 200 200 403 200 in
  amina E007               : in  200 404 404 404 404 404 404 404 in
  amina E003               : in  403 404 404 404 404 404 404 404 in
  amina E010               : in  403 404 404 404 404 404 404 403 in
  cara E001                : in  404 404 404 404 404 200 404 200 in
  olga E001, missing       : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/hide
  amina E001, amina E002   : in  303 404 303 303 303 303 403 303 in
  amina E007               : in  303 404 404 404 404 404 404 404 in
  amina E003               : in  403 404 404 404 404 404 404 404 in
  amina E010               : in  403 404 404 404 404 404 404 403 in
  cara E001                : in  404 404 404 404 404 303 404 303 in
  olga E001, missing       : in  404 404 404 404 404 404 404 404 in
GET /evidence/<int:evidence_id>/mend
  amina E010               : in  200 404 404 404 404 404 404 200 in
  amina E016               : in  404 404 200 404 404 404 404 200 in
  amina E001               : in  403 404 403 403 403 403 403 403 in
  amina E003               : in  403 404 404 404 404 404 404 404 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  olga E001, missing       : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/mend
  amina E010               : in  303 404 404 404 404 404 404 303 in
  amina E016               : in  404 404 303 404 404 404 404 303 in
  amina E001               : in  403 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  olga E001, missing       : in  404 404 404 404 404 404 404 404 in
GET /evidence/<int:evidence_id>/show-again
  amina E010               : in  403 404 404 404 404 200 404 200 in
  amina E016               : in  200 404 403 404 404 404 404 200 in
  amina E001               : in  403 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  olga E001, missing       : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/show-again
  amina E010               : in  403 404 404 404 404 303 404 303 in
  amina E016               : in  303 404 403 404 404 404 404 303 in
  amina E001               : in  403 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  olga E001, missing       : in  404 404 404 404 404 404 404 404 in
GET /evidence/<int:evidence_id>/amended
  amina E012               : in  200 404 200 200 200 200 200 200 in
  amina E001               : in  404 404 404 404 404 404 404 404 in
  amina E010, olga E001    : in  404 404 404 404 404 404 404 404 in
  missing                  : in  404 404 404 404 404 404 404 404 in
GET /evidence/<int:evidence_id>/map
  amina E011               : in  404 404 200 404 404 404 404 404 in
  amina E014               : in  409 404 404 404 404 404 404 404 in
  amina E015               : in  403 404 200 403 403 403 403 403 in
  amina E003, amina E007   : in  200 404 404 404 404 404 404 404 in
  amina E008               : in  200 404 403 403 403 403 403 403 in
  amina E001               : in  200 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  cara E002, olga E001     : in  404 404 404 404 404 404 404 404 in
  missing                  : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/look-through
  amina E011               : in  404 404 200 404 404 404 404 404 in
  amina E014               : in  200 404 404 404 404 404 404 404 in
  amina E015               : in  403 404 200 403 403 403 403 403 in
  amina E003, amina E007   : in  200 404 404 404 404 404 404 404 in
  amina E008, amina E001   : in  200 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  cara E002, olga E001     : in  404 404 404 404 404 404 404 404 in
  olga E002, missing       : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/map
  amina E011               : in  404 404 303 404 404 404 404 404 in
  amina E014               : in  409 404 404 404 404 404 404 404 in
  amina E003, amina E007   : in  303 404 404 404 404 404 404 404 in
  amina E008               : in  303 404 403 403 403 403 403 403 in
  amina E001               : in  422 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  cara E002, olga E001     : in  404 404 404 404 404 404 404 404 in
  olga E002, missing       : in  404 404 404 404 404 404 404 404 in
GET /evidence/<int:evidence_id>/personal-data
  amina E024               : in  200 404 404 404 404 404 404 404 in
  amina E011               : in  404 404 200 404 404 404 404 404 in
  amina E014               : in  409 404 404 404 404 404 404 404 in
  amina E001               : in  200 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  cara E002, olga E001     : in  404 404 404 404 404 404 404 404 in
  olga E003, missing       : in  404 404 404 404 404 404 404 404 in
GET /evidence/<int:evidence_id>/personal-data/state
  amina E024               : in  200 404 404 404 404 404 404 404 in
  amina E011               : in  404 404 200 404 404 404 404 404 in
  amina E014               : in  409 404 404 404 404 404 404 404 in
  amina E001               : in  200 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  cara E002, olga E001     : in  404 404 404 404 404 404 404 404 in
  olga E003, missing       : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/personal-data/look
  amina E024               : in  303 404 404 404 404 404 404 404 in
  amina E011               : in  404 404 303 404 404 404 404 404 in
  amina E014               : in  409 404 404 404 404 404 404 404 in
  amina E001               : in  303 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  cara E002, olga E001     : in  404 404 404 404 404 404 404 404 in
  olga E003, missing       : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/personal-data/replace
  amina E024               : in  303 404 404 404 404 404 404 404 in
  amina E011               : in  404 404 422 404 404 404 404 404 in
  amina E014               : in  409 404 404 404 404 404 404 404 in
  amina E001               : in  422 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  cara E002, olga E001     : in  404 404 404 404 404 404 404 404 in
  olga E003, missing       : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/personal-data/keep
  amina E024               : in  303 404 404 404 404 404 404 404 in
  amina E011               : in  404 404 422 404 404 404 404 404 in
  amina E014               : in  409 404 404 404 404 404 404 404 in
  amina E001               : in  422 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  cara E002, olga E001     : in  404 404 404 404 404 404 404 404 in
  olga E003, missing       : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/personal-data/confirm
  amina E025               : in  303 404 404 404 404 404 404 404 in
  amina E011               : in  404 404 422 404 404 404 404 404 in
  amina E014               : in  409 404 404 404 404 404 404 404 in
  amina E001               : in  422 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  cara E002, olga E001     : in  404 404 404 404 404 404 404 404 in
  olga E003, missing       : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/personal-data/merge
  amina E025               : in  303 404 404 404 404 404 404 404 in
  amina E011               : in  404 404 422 404 404 404 404 404 in
  amina E014               : in  409 404 404 404 404 404 404 404 in
  amina E001               : in  422 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  cara E002, olga E001     : in  404 404 404 404 404 404 404 404 in
  olga E003, missing       : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/personal-data/split
  amina E025               : in  303 404 404 404 404 404 404 404 in
  amina E011               : in  404 404 422 404 404 404 404 404 in
  amina E014               : in  409 404 404 404 404 404 404 404 in
  amina E001               : in  422 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  cara E002, olga E001     : in  404 404 404 404 404 404 404 404 in
  olga E003, missing       : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/personal-data/relabel
  amina E024               : in  303 404 404 404 404 404 404 404 in
  amina E011               : in  404 404 422 404 404 404 404 404 in
  amina E014               : in  409 404 404 404 404 404 404 404 in
  amina E001               : in  422 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  cara E002, olga E001     : in  404 404 404 404 404 404 404 404 in
  olga E003, missing       : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/personal-data/mark
  amina E024               : in  303 404 404 404 404 404 404 404 in
  amina E011               : in  404 404 422 404 404 404 404 404 in
  amina E014               : in  409 404 404 404 404 404 404 404 in
  amina E001               : in  422 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  cara E002, olga E001     : in  404 404 404 404 404 404 404 404 in
  olga E003, missing       : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/personal-data/check
  amina E025               : in  303 404 404 404 404 404 404 404 in
  amina E011               : in  404 404 409 404 404 404 404 404 in
  amina E014               : in  409 404 404 404 404 404 404 404 in
  amina E001               : in  409 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  cara E002, olga E001     : in  404 404 404 404 404 404 404 404 in
  olga E003, missing       : in  404 404 404 404 404 404 404 404 in
POST /evidence/<int:evidence_id>/personal-data/undo
  amina E024               : in  303 404 404 404 404 404 404 404 in
  amina E011               : in  404 404 409 404 404 404 404 404 in
  amina E014               : in  409 404 404 404 404 404 404 404 in
  amina E001               : in  409 404 403 403 403 403 403 403 in
  cara E001                : in  404 404 404 404 404 403 404 403 in
  cara E002, olga E001     : in  404 404 404 404 404 404 404 404 in
  olga E003, missing       : in  404 404 404 404 404 404 404 404 in
GET /files/<int:evidence_file_id>
  amina E001 v1            : in  200 404 200 200 200 200 200 200 in
  amina E005 v1            : in  200 404 200 200 200 200 200 200 in
  amina E008 v1            : in  200 404 200 200 200 200 200 200 in
  amina E008 v2            : in  200 404 404 404 404 404 404 404 in
  amina E007 v1            : in  200 404 404 404 404 404 404 404 in
  amina E009 v1            : in  200 404 404 404 404 404 404 404 in
  amina E010 v1            : in  200 404 404 404 404 404 404 200 in
  cara E001 v1             : in  404 404 404 404 404 200 404 200 in
  olga E001 v1, missing    : in  404 404 404 404 404 404 404 404 in
GET /files/<int:evidence_file_id>/preview
  amina E001 v1            : in  200 404 200 200 200 200 200 200 in
  amina E005 v1            : in  200 404 200 200 200 200 200 200 in
  amina E008 v1            : in  200 404 200 200 200 200 200 200 in
  amina E008 v2            : in  200 404 404 404 404 404 404 404 in
  amina E007 v1            : in  200 404 404 404 404 404 404 404 in
  amina E009 v1            : in  200 404 404 404 404 404 404 404 in
  amina E010 v1            : in  200 404 404 404 404 404 404 200 in
  cara E001 v1             : in  404 404 404 404 404 200 404 200 in
  olga E001 v1, missing    : in  404 404 404 404 404 404 404 404 in
POST /files/<int:evidence_file_id>/preview
  amina E001 v1            : in  303 404 303 303 303 303 303 303 in
  amina E005 v1            : in  303 404 303 303 303 303 303 303 in
  amina E008 v1            : in  303 404 303 303 303 303 303 303 in
  amina E008 v2            : in  303 404 404 404 404 404 404 404 in
  amina E007 v1            : in  303 404 404 404 404 404 404 404 in
  amina E009 v1            : in  303 404 404 404 404 404 404 404 in
  amina E010 v1            : in  303 404 404 404 404 404 404 303 in
  cara E001 v1             : in  404 404 404 404 404 303 404 303 in
  olga E001 v1, missing    : in  404 404 404 404 404 404 404 404 in
GET /files/<int:evidence_file_id>/preview/state
  amina E001 v1            : in  200 404 200 200 200 200 200 200 in
  amina E005 v1            : in  200 404 200 200 200 200 200 200 in
  amina E008 v1            : in  200 404 200 200 200 200 200 200 in
  amina E008 v2            : in  200 404 404 404 404 404 404 404 in
  amina E007 v1            : in  200 404 404 404 404 404 404 404 in
  amina E009 v1            : in  200 404 404 404 404 404 404 404 in
  amina E010 v1            : in  200 404 404 404 404 404 404 200 in
  cara E001 v1             : in  404 404 404 404 404 200 404 200 in
  olga E001 v1, missing    : in  404 404 404 404 404 404 404 404 in
GET /files/<int:evidence_file_id>/preview/<int:part>
  amina E001 v1/a picture  : in  200 404 200 200 200 200 200 200 in
  amina E001 v1/no picture : in  404 404 404 404 404 404 404 404 in
  amina E005 v1/a picture  : in  200 404 200 200 200 200 200 200 in
  amina E008 v1/a picture  : in  200 404 200 200 200 200 200 200 in
  amina E008 v2/a picture  : in  200 404 404 404 404 404 404 404 in
  amina E007 v1/a picture  : in  200 404 404 404 404 404 404 404 in
  amina E009 v1/a picture  : in  200 404 404 404 404 404 404 404 in
  amina E010 v1/a picture  : in  200 404 404 404 404 404 404 200 in
  cara E001 v1/a picture   : in  404 404 404 404 404 200 404 200 in
  olga E001 v1/a picture, missing: in  404 404 404 404 404 404 404 404 in
GET /files/<int:evidence_file_id>/redact
  amina E001 v1            : in  200 404 403 403 403 403 403 403 in
  amina E009 v1            : in  200 404 404 404 404 404 404 404 in
  amina E010 v1            : in  200 404 404 404 404 404 404 200 in
  amina E008 v2            : in  200 404 404 404 404 404 404 404 in
  cara E001 v1             : in  404 404 404 404 404 403 404 403 in
  olga E001 v1, missing    : in  404 404 404 404 404 404 404 404 in
POST /files/<int:evidence_file_id>/redact/marks
  amina E001 v1            : in  409 404 403 403 403 403 403 403 in
  amina E009 v1            : in  303 404 404 404 404 404 404 404 in
  amina E010 v1            : in  303 404 404 404 404 404 404 303 in
  amina E008 v2            : in  409 404 404 404 404 404 404 404 in
  cara E001 v1             : in  404 404 404 404 404 403 404 403 in
  olga E001 v1, missing    : in  404 404 404 404 404 404 404 404 in
POST /files/<int:evidence_file_id>/redact/missed
  amina E001 v1            : in  422 404 403 403 403 403 403 403 in
  amina E009 v1            : in  422 404 404 404 404 404 404 404 in
  amina E010 v1            : in  409 404 404 404 404 404 404 409 in
  amina E008 v2            : in  422 404 404 404 404 404 404 404 in
  cara E001 v1             : in  404 404 404 404 404 403 404 403 in
  olga E001 v1, missing    : in  404 404 404 404 404 404 404 404 in
POST /files/<int:evidence_file_id>/redact/make
  amina E001 v1            : in  409 404 403 403 403 403 403 403 in
  amina E009 v1            : in  409 404 404 404 404 404 404 404 in
  amina E010 v1            : in  303 404 404 404 404 404 404 303 in
  amina E008 v2            : in  409 404 404 404 404 404 404 404 in
  cara E001 v1             : in  404 404 404 404 404 403 404 403 in
  olga E001 v1, missing    : in  404 404 404 404 404 404 404 404 in
GET /files/<int:evidence_file_id>/redact/state
  amina E001 v1            : in  200 404 403 403 403 403 403 403 in
  amina E009 v1            : in  200 404 404 404 404 404 404 404 in
  amina E010 v1            : in  200 404 404 404 404 404 404 200 in
  amina E008 v2            : in  200 404 404 404 404 404 404 404 in
  cara E001 v1             : in  404 404 404 404 404 403 404 403 in
  olga E001 v1, missing    : in  404 404 404 404 404 404 404 404 in
GET /files/<int:evidence_file_id>/redact/result
  amina E001 v1            : in  404 404 403 403 403 403 403 403 in
  amina E009 v1            : in  404 404 404 404 404 404 404 404 in
  amina E010 v1            : in  404 404 404 404 404 404 404 404 in
  amina E008 v2            : in  200 404 404 404 404 404 404 404 in
  cara E001 v1             : in  404 404 404 404 404 403 404 403 in
  olga E001 v1, missing    : in  404 404 404 404 404 404 404 404 in
GET /files/<int:evidence_file_id>/redact/result/<int:part>
  amina E008 v2/a picture  : in  200 404 404 404 404 404 404 404 in
  amina E008 v2/no picture : in  404 404 404 404 404 404 404 404 in
  amina E001 v1/a picture  : in  404 404 403 403 403 403 403 403 in
  amina E009 v1/a picture  : in  404 404 404 404 404 404 404 404 in
  amina E010 v1/a picture  : in  404 404 404 404 404 404 404 404 in
  cara E001 v1/a picture   : in  404 404 404 404 404 403 404 403 in
  olga E001 v1/a picture, missing: in  404 404 404 404 404 404 404 404 in
POST /files/<int:evidence_file_id>/redact/use
  amina E001 v1            : in  409 404 403 403 403 403 403 403 in
  amina E009 v1            : in  409 404 404 404 404 404 404 404 in
  amina E010 v1            : in  409 404 404 404 404 404 404 409 in
  amina E008 v2            : in  303 404 404 404 404 404 404 404 in
  cara E001 v1             : in  404 404 404 404 404 403 404 403 in
  olga E001 v1, missing    : in  404 404 404 404 404 404 404 404 in
POST /files/<int:evidence_file_id>/redact/drop
  amina E001 v1            : in  409 404 403 403 403 403 403 403 in
  amina E009 v1            : in  409 404 404 404 404 404 404 404 in
  amina E010 v1            : in  409 404 404 404 404 404 404 409 in
  amina E008 v2            : in  303 404 404 404 404 404 404 404 in
  cara E001 v1             : in  404 404 404 404 404 403 404 403 in
  olga E001 v1, missing    : in  404 404 404 404 404 404 404 404 in
GET /redactions/<int:redaction_id>/original
  amina                    : in  200 404 404 404 404 404 404 404 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /redactions/<int:redaction_id>/let-go
  amina                    : in  303 404 404 404 404 404 404 404 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /files/<int:evidence_file_id>/remove
  amina E009 v1            : in  303 404 404 404 404 404 404 404 in
  amina E007 v2            : in  409 404 404 404 404 404 404 404 in
  amina E007 v1            : in  409 404 404 404 404 404 404 404 in
  amina E001 v1            : in  409 404 403 403 403 403 403 403 in
  cara E001 v1             : in  404 404 404 404 404 403 404 403 in
  olga E001 v1, missing    : in  404 404 404 404 404 404 404 404 in

GET /enrolments/<int:enrolment_id>/hand-in
  amina                    : in  200 404 403 403 403 403 403 403 in
  cara                     : in  404 404 404 404 404 403 404 403 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/hand-in
  amina                    : in  303 404 403 403 403 403 403 403 in
  ben                      : in  404 422 403 404 404 403 404 403 in
  cara                     : in  404 404 404 404 404 403 404 403 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /submissions/<int:submission_id>/withdraw
  amina E015               : in  404 404 303 404 404 404 404 404 in
  amina E002               : in  303 404 404 404 404 404 404 404 in
  amina E005, amina E007   : in  409 404 404 404 404 404 404 404 in
  cara E001, olga E001     : in  404 404 404 404 404 404 404 404 in
  missing                  : in  404 404 404 404 404 404 404 404 in

GET /marking
  -                        : in  404 404 200 200 200 404 404 404 in
GET /marking/<int:submission_item_id>
  amina E002, amina E005   : in  404 404 200 200 200 404 404 404 in
  amina E006, amina E001   : in  404 404 200 200 200 404 404 404 in
  amina E007, missing      : in  404 404 404 404 404 404 404 404 in
  cara E001, olga E001     : in  404 404 404 404 404 404 404 404 in
POST /marking/<int:submission_item_id>
  amina E005               : in  404 404 303 303 403 404 404 404 in
  amina E006               : in  404 404 403 403 303 404 404 404 in
  amina E002, amina E001   : in  404 404 409 409 403 404 404 404 in
  amina E007, missing      : in  404 404 404 404 404 404 404 404 in
  cara E001, olga E001     : in  404 404 404 404 404 404 404 404 in
POST /marking/<int:submission_item_id>/here
  amina E005               : in  404 404 200 200 403 404 404 404 in
  amina E006               : in  404 404 403 403 200 404 404 404 in
  amina E002               : in  404 404 200 200 403 404 404 404 in
  amina E001               : in  404 404 409 409 403 404 404 404 in
  amina E007, missing      : in  404 404 404 404 404 404 404 404 in
  cara E001, olga E001     : in  404 404 404 404 404 404 404 404 in
POST /marking/release-together
  -                        : in  404 404 303 303 303 404 404 404 in
POST /marking/<int:submission_item_id>/open
  amina E015               : in  404 404 303 303 403 404 404 404 in
  amina E002, amina E005   : in  404 404 303 303 403 404 404 404 in
  amina E007, missing      : in  404 404 404 404 404 404 404 404 in
  cara E001, olga E001     : in  404 404 404 404 404 404 404 404 in
POST /marking/<int:submission_item_id>/release
  amina E005               : in  404 404 303 409 403 404 404 404 in
  amina E002, amina E001   : in  404 404 409 409 403 404 404 404 in
  amina E006               : in  404 404 409 409 403 404 404 404 in
  amina E007, missing      : in  404 404 404 404 404 404 404 404 in
  cara E001, olga E001     : in  404 404 404 404 404 404 404 404 in
POST /marking/<int:submission_item_id>/countersign
  amina E006               : in  404 404 403 403 303 404 404 404 in
  amina E002, amina E001   : in  404 404 403 403 409 404 404 404 in
  amina E007, missing      : in  404 404 404 404 404 404 404 404 in
  cara E001, olga E001     : in  404 404 404 404 404 404 404 404 in

GET /criteria
  -                        : in  404 404 200 200 200 200 200 200 in
GET /criteria/<int:qualification_version_id>
  amina                    : in  404 404 200 200 200 200 200 200 in
  other side, missing      : in  404 404 404 404 404 404 404 404 in
GET /criteria/<int:qualification_version_id>/export/<criteria_format>
  amina/a table            : in  404 404 200 200 200 200 200 200 in
  amina/no table           : in  404 404 404 404 404 404 404 404 in
  other side/a table       : in  404 404 404 404 404 404 404 404 in
  missing/a table          : in  404 404 404 404 404 404 404 404 in
GET /criteria/units/<int:unit_version_id>
  amina                    : in  404 404 200 200 200 200 200 200 in
  other side, missing      : in  404 404 404 404 404 404 404 404 in
GET /criteria/load
  -                        : in  404 404 404 404 404 404 404 200 in
POST /criteria/load
  a pack                   : in  404 404 404 404 404 404 404 303 in
  nothing                  : in  404 404 404 404 404 404 404 422 in
GET /criteria/load/convert
  -                        : in  404 404 404 404 404 404 404 200 in
POST /criteria/load/convert
  a pack                   : in  404 404 404 404 404 404 404 303 in
  nothing                  : in  404 404 404 404 404 404 404 422 in
GET /criteria/load/kept
  -                        : in  404 404 404 404 404 404 404 404 in
GET /criteria/template/<criteria_format>
  a table                  : in  404 404 404 404 404 404 404 200 in
  no table                 : in  404 404 404 404 404 404 404 404 in
POST /criteria/load/now
  -                        : in  404 404 404 404 404 404 404 409 in
POST /criteria/load/discard
  -                        : in  404 404 404 404 404 404 404 303 in
POST /criteria/load/take-out
  -                        : in  404 404 404 404 404 404 404 409 in

GET /coverage
  -                        : in  404 404 200 200 200 200 200 200 in
GET /coverage/criteria
  -                        : in  404 404 200 200 200 200 200 200 in
GET /coverage/sums
  -                        : in  404 404 200 200 200 200 200 200 in
GET /coverage/behind
  -                        : in  404 404 200 200 200 200 200 200 in
POST /coverage/export
  as csv, as xlsx          : in  404 404 200 200 200 200 200 200 in
GET /enrolments/<int:enrolment_id>/book
  amina                    : in  200 404 200 200 200 200 200 200 in
  cara                     : in  404 404 404 404 404 200 404 200 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/book
  amina                    : in  303 404 303 303 303 303 403 303 in
  cara                     : in  404 404 404 404 404 303 404 303 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/book/cancel
  amina                    : in  303 404 303 303 303 303 403 303 in
  cara                     : in  404 404 404 404 404 409 404 409 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /enrolments/<int:enrolment_id>/bundle
  amina                    : in  200 404 200 200 200 200 403 200 in
  cara                     : in  404 404 404 404 404 200 404 200 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
POST /enrolments/<int:enrolment_id>/bundle
  amina                    : in  303 404 303 303 303 303 403 303 in
  cara                     : in  404 404 404 404 404 303 404 303 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /bundles/<int:kept_bundle_id>
  amina, amina unfinished  : in  303 404 303 303 303 303 404 303 in
  cara                     : in  404 404 404 404 404 303 404 303 in
  visit                    : in  404 404 404 404 404 200 200 200 in
  visit of two             : in  404 404 404 404 404 200 404 200 in
  centre                   : in  404 404 404 404 404 404 404 200 in
  olga, theirs, missing    : in  404 404 404 404 404 404 404 404 in
GET /bundles/<int:kept_bundle_id>/progress
  amina, amina unfinished  : in  200 404 200 200 200 200 404 200 in
  cara                     : in  404 404 404 404 404 200 404 200 in
  visit                    : in  404 404 404 404 404 200 200 200 in
  visit of two             : in  404 404 404 404 404 200 404 200 in
  centre                   : in  404 404 404 404 404 404 404 200 in
  olga, theirs, missing    : in  404 404 404 404 404 404 404 404 in
GET /bundles/<int:kept_bundle_id>/download
  amina                    : in  200 404 200 200 200 200 404 200 in
  amina unfinished, missing: in  404 404 404 404 404 404 404 404 in
  cara                     : in  404 404 404 404 404 200 404 200 in
  visit                    : in  404 404 404 404 404 200 200 200 in
  visit of two             : in  404 404 404 404 404 200 404 200 in
  centre                   : in  404 404 404 404 404 404 404 200 in
  olga, theirs             : in  404 404 404 404 404 404 404 404 in
POST /bundles/<int:kept_bundle_id>/cancel
  amina unfinished         : in  303 404 303 303 303 303 404 303 in
  amina                    : in  409 404 409 409 409 409 404 409 in
  visit                    : in  404 404 404 404 404 409 403 409 in
  visit of two             : in  404 404 404 404 404 409 404 409 in
  centre                   : in  404 404 404 404 404 404 404 409 in
  olga, theirs, missing    : in  404 404 404 404 404 404 404 404 in
POST /bundles/<int:kept_bundle_id>/remove
  amina                    : in  303 404 403 403 403 403 404 303 in
  amina unfinished         : in  403 404 409 403 403 403 404 409 in
  cara                     : in  404 404 404 404 404 403 404 303 in
  visit                    : in  404 404 404 404 404 303 403 303 in
  visit of two             : in  404 404 404 404 404 403 404 303 in
  centre                   : in  404 404 404 404 404 404 404 303 in
  olga, theirs, missing    : in  404 404 404 404 404 404 404 404 in
GET /bundle-parts/<int:bundle_part_id>/held/<subject>
  amina held               : in  200 404 200 200 200 200 404 200 in
  amina/amina held, missing: in  404 404 404 404 404 404 404 404 in
POST /bundle-parts/<int:bundle_part_id>/held/<subject>
  amina held               : in  409 404 303 409 409 409 404 303 in
  amina/amina held, missing: in  404 404 404 404 404 404 404 404 in
POST /bundle-parts/<int:bundle_part_id>/held/<subject>/checked
  amina held               : in  403 404 403 403 403 403 404 303 in
  amina/amina held, missing: in  404 404 404 404 404 404 404 404 in
GET /centre/bundles
  -                        : in  404 404 404 404 404 200 200 200 in
POST /centre/bundles
  -                        : in  404 404 404 404 404 404 404 303 in
GET /centre/bundles/visit
  -                        : in  404 404 404 404 404 200 404 200 in
GET /centre/bundles/visit/items
  -                        : in  404 404 404 404 404 200 404 200 in
POST /centre/bundles/visit/items
  of amina                 : in  404 404 404 404 404 303 404 303 in
  of nobody, of olga       : in  404 404 404 404 404 422 404 422 in

GET /books/<int:word_book_id>/progress
  amina, amina unfinished  : in  200 404 200 200 200 200 200 200 in
  cara                     : in  404 404 404 404 404 200 404 200 in
  olga, missing            : in  404 404 404 404 404 404 404 404 in
GET /books/<int:word_book_id>/held/<subject>
  amina held               : in  200 404 200 200 200 200 200 200 in
  amina/amina held, missing: in  404 404 404 404 404 404 404 404 in
POST /books/<int:word_book_id>/held/<subject>
  amina held               : in  409 404 303 409 409 409 409 303 in
  amina/amina held, missing: in  404 404 404 404 404 404 404 404 in
POST /books/<int:word_book_id>/held/<subject>/checked
  amina held               : in  403 404 403 403 403 403 403 303 in
  amina/amina held, missing: in  404 404 404 404 404 404 404 404 in
GET /books/<int:word_book_id>/download
  amina                    : in  200 404 200 200 200 200 200 200 in
  amina unfinished, missing: in  404 404 404 404 404 404 404 404 in
  cara                     : in  404 404 404 404 404 200 404 200 in
  olga                     : in  404 404 404 404 404 404 404 404 in
GET /books/<int:word_book_id>/pdf
  amina                    : in  200 404 200 200 200 200 200 200 in
  amina unfinished, missing: in  404 404 404 404 404 404 404 404 in
  cara                     : in  404 404 404 404 404 200 404 200 in
  olga                     : in  404 404 404 404 404 404 404 404 in
"""
